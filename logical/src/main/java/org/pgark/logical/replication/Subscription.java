package org.pgark.logical.replication;

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

/** A subscription; it is made without being connected. */
final class Subscription extends DumpObject {
    private final Row row;
    private final String owner;

    Subscription(Row row, Catalog catalog) {
        super(
                ObjectKind.SUBSCRIPTION,
                SystemCatalog.SUBSCRIPTION.id(row.oid("oid")),
                row.text("subname"),
                Optional.empty());
        this.row = row;
        this.owner = catalog.role(row.oid("subowner"));
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            StringJoiner publications = new StringJoiner(", ");
            row.array("subpublications").forEach(publication -> publications.add(writer.quote(publication)));
            writer.add(
                    this,
                    new EntryText("SUBSCRIPTION", name())
                            .owner(owner)
                            .postData()
                            .define("CREATE SUBSCRIPTION " + quoted + " CONNECTION "
                                    + writer.literal(row.text("subconninfo")) + " PUBLICATION " + publications
                                    + " WITH (connect = false" + properties(writer) + ");\n")
                            .drop("DROP SUBSCRIPTION " + quoted + ";\n"));
        }
        writer.remarks(this, "SUBSCRIPTION", quoted, owner);
    }

    private String properties(EntryWriter writer) {
        StringBuilder sql = new StringBuilder(", slot_name = ");
        sql.append(row.optional("subslotname").map(writer::literal).orElse("NONE"));
        sql.append(row.flag("subbinary") ? ", binary = true" : "");
        sql.append(
                switch (row.letter("substream")) {
                    case 't' -> ", streaming = on";
                    case 'p' -> ", streaming = parallel";
                    // From 18 on this is not what a new subscription has.
                    default -> writer.emulated() >= 18 ? ", streaming = off" : "";
                });
        sql.append(row.letter("subtwophasestate") == 'd' ? "" : ", two_phase = on");
        sql.append(row.flag("subdisableonerr") ? ", disable_on_error = true" : "");
        sql.append(row.flag("subpasswordrequired") ? "" : ", password_required = false");
        sql.append(row.flag("subrunasowner") ? ", run_as_owner = true" : "");
        sql.append(row.flag("subfailover") ? ", failover = true" : "");
        if (!row.text("subsynccommit").equals("off")) {
            sql.append(", synchronous_commit = " + writer.quote(row.text("subsynccommit")));
        }
        if (!row.text("suborigin").equalsIgnoreCase("any")) {
            sql.append(", origin = " + row.text("suborigin"));
        }
        return sql.toString();
    }
}
