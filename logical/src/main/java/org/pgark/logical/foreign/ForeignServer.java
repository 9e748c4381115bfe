package org.pgark.logical.foreign;

import java.util.ArrayList;
import java.util.List;
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

/** A foreign server, with the user mappings on it. */
public final class ForeignServer extends DumpObject {
    private final Row row;
    private final String owner;
    private final List<Row> userMappings = new ArrayList<>();

    ForeignServer(Row row, Catalog catalog) {
        super(
                ObjectKind.FOREIGN_SERVER,
                SystemCatalog.FOREIGN_SERVER.id(row.oid("oid")),
                row.text("srvname"),
                Optional.empty());
        this.row = row;
        this.owner = catalog.role(row.oid("srvowner"));
    }

    void addUserMapping(Row mapping) {
        userMappings.add(mapping);
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("SERVER", name())
                            .owner(owner)
                            .define("CREATE SERVER " + quoted + text(writer, "TYPE", "srvtype")
                                    + text(writer, "VERSION", "srvversion") + " FOREIGN DATA WRAPPER "
                                    + writer.quote(row.text("fdwname")) + ForeignOptions.clause(row.text("options"))
                                    + ";\n")
                            .drop("DROP SERVER " + quoted + ";\n"));
        }
        writer.remarks(this, "SERVER", quoted, owner);
        if (wants(Component.PRIVILEGES)) {
            Privileges privileges = new Privileges(row.optional("srvacl"), row.text("acldefault"));
            writer.privileges(this, "FOREIGN SERVER", quoted, "", owner, privileges);
        }
        if (wants(Component.USER_MAPPING)) {
            userMappings.forEach(mapping -> writeUserMapping(writer, mapping));
        }
    }

    private String text(EntryWriter writer, String word, String column) {
        return row.text(column).isEmpty() ? "" : " " + word + " " + writer.literal(row.text(column));
    }

    private void writeUserMapping(EntryWriter writer, Row mapping) {
        String user = mapping.text("usename");
        String identity = "USER MAPPING FOR " + writer.quote(user) + " SERVER " + writer.quote(name());
        writer.attach(new EntryText("USER MAPPING", "USER MAPPING " + user + " SERVER " + name())
                .owner(owner)
                .define("CREATE " + identity + ForeignOptions.clause(mapping.text("options")) + ";\n")
                .drop("DROP " + identity + ";\n"));
    }
}
