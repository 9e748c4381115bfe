package org.pgark.logical.replication;

import java.util.Optional;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Schema;
import org.pgark.logical.catalog.SystemCatalog;

/** A schema whose tables a publication holds. */
final class PublicationSchema extends DumpObject {
    private final Publication publication;
    private final Schema published;

    PublicationSchema(Row row, Publication publication, Schema published) {
        super(
                ObjectKind.PUBLICATION_SCHEMA,
                SystemCatalog.PUBLICATION_SCHEMA.id(row.oid("oid")),
                published.name(),
                Optional.empty());
        this.publication = publication;
        this.published = published;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("PUBLICATION TABLES IN SCHEMA", publication.name() + " " + published.name())
                            .schema(published.name())
                            .owner(publication.owner())
                            .postData()
                            .define("ALTER PUBLICATION " + writer.quote(publication.name()) + " ADD TABLES IN SCHEMA "
                                    + writer.quote(published.name()) + ";\n"));
        }
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof PublicationSchema member ? publication.compareNames(member.publication) : 0;
    }
}
