package org.pgark.logical.replication;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A publication. */
final class Publication extends DumpObject {
    private final Row row;
    private final String owner;

    Publication(Row row, Catalog catalog) {
        super(
                ObjectKind.PUBLICATION,
                SystemCatalog.PUBLICATION.id(row.oid("oid")),
                row.text("pubname"),
                Optional.empty());
        this.row = row;
        this.owner = catalog.role(row.oid("pubowner"));
    }

    String owner() {
        return owner;
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            StringJoiner published = new StringJoiner(", ");
            for (String operation : List.of("insert", "update", "delete", "truncate")) {
                if (row.flag("pub" + operation)) {
                    published.add(operation);
                }
            }
            boolean generated = row.letter("pubgencols") == 's' && writer.emulated() >= 18;
            writer.add(
                    this,
                    new EntryText("PUBLICATION", name())
                            .owner(owner)
                            .postData()
                            .define("CREATE PUBLICATION " + quoted
                                    + (row.flag("puballtables") ? " FOR ALL TABLES" : "")
                                    + " WITH (publish = '" + published + "'"
                                    + (row.flag("pubviaroot") ? ", publish_via_partition_root = true" : "")
                                    + (generated ? ", publish_generated_columns = stored" : "") + ");\n")
                            .drop("DROP PUBLICATION " + quoted + ";\n"));
        }
        writer.remarks(this, "PUBLICATION", quoted, owner);
    }
}
