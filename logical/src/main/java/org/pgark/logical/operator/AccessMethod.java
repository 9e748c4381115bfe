package org.pgark.logical.operator;

import java.util.Optional;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** An access method. */
final class AccessMethod extends DumpObject {
    private final Row row;

    AccessMethod(Row row) {
        super(
                ObjectKind.ACCESS_METHOD,
                SystemCatalog.ACCESS_METHOD.id(row.oid("oid")),
                row.text("amname"),
                Optional.empty());
        this.row = row;
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        String type = switch (row.letter("amtype")) {
            case 'i' -> "INDEX";
            case 't' -> "TABLE";
            default -> "";
        };
        if (type.isEmpty()) {
            writer.listener()
                    .warning("invalid type \"" + row.text("amtype") + "\" of access method \"" + quoted + "\"");
            return;
        }
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("ACCESS METHOD", name())
                            .define("CREATE ACCESS METHOD " + quoted + " TYPE " + type + " HANDLER "
                                    + row.text("amhandler") + ";\n")
                            .drop("DROP ACCESS METHOD " + quoted + ";\n"));
        }
        writer.remarks(this, "ACCESS METHOD", quoted, "");
    }
}
