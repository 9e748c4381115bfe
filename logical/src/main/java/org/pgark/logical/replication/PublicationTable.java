package org.pgark.logical.replication;

import java.util.StringJoiner;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.relation.Relation;

/** A table of a publication. */
final class PublicationTable extends DumpObject {
    private final Publication publication;
    private final Relation table;
    private final Row row;

    PublicationTable(Row row, Publication publication, Relation table) {
        super(
                ObjectKind.PUBLICATION_TABLE,
                SystemCatalog.PUBLICATION_TABLE.id(row.oid("oid")),
                table.name(),
                table.schema());
        this.publication = publication;
        this.table = table;
        this.row = row;
    }

    @Override
    public void write(EntryWriter writer) {
        if (!wants(Component.DEFINITION)) {
            return;
        }
        StringJoiner columns = new StringJoiner(", ", " (", ")").setEmptyValue("");
        row.array("prattrs").forEach(column -> columns.add(writer.quote(column)));
        String filter =
                row.optional("prrelqual").map(text -> " WHERE (" + text + ")").orElse("");
        writer.add(
                this,
                new EntryText("PUBLICATION TABLE", publication.name() + " " + table.name())
                        .owner(publication.owner())
                        .postData()
                        .define("ALTER PUBLICATION " + writer.quote(publication.name()) + " ADD TABLE ONLY "
                                + writer.qualified(table) + columns + filter + ";\n"));
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof PublicationTable member ? publication.compareNames(member.publication) : 0;
    }
}
