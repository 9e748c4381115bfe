package org.pgark.logical.foreign;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A foreign data wrapper. */
final class ForeignDataWrapper extends DumpObject {
    private final Row row;
    private final String owner;

    ForeignDataWrapper(Row row, Catalog catalog) {
        super(
                ObjectKind.FOREIGN_DATA_WRAPPER,
                SystemCatalog.FOREIGN_DATA_WRAPPER.id(row.oid("oid")),
                row.text("fdwname"),
                Optional.empty());
        this.row = row;
        this.owner = catalog.role(row.oid("fdwowner"));
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("FOREIGN DATA WRAPPER", name())
                            .owner(owner)
                            .define("CREATE FOREIGN DATA WRAPPER " + quoted + function("HANDLER", "fdwhandler")
                                    + function("VALIDATOR", "fdwvalidator") + ForeignOptions.clause(row.text("options"))
                                    + ";\n")
                            .drop("DROP FOREIGN DATA WRAPPER " + quoted + ";\n"));
        }
        writer.remarks(this, "FOREIGN DATA WRAPPER", quoted, owner);
        if (wants(Component.PRIVILEGES)) {
            Privileges privileges = new Privileges(row.optional("fdwacl"), row.text("acldefault"));
            writer.privileges(this, "FOREIGN DATA WRAPPER", quoted, "", owner, privileges);
        }
    }

    private String function(String word, String column) {
        return row.text(column).equals("-") ? "" : " " + word + " " + row.text(column);
    }
}
