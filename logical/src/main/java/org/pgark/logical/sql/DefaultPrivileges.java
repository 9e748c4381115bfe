package org.pgark.logical.sql;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CodePointOrder;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Privileges that new objects of some kind will have. */
final class DefaultPrivileges extends DumpObject {
    private final Row row;
    private final String role;

    DefaultPrivileges(Row row, Catalog catalog) {
        super(
                ObjectKind.DEFAULT_PRIVILEGES,
                SystemCatalog.DEFAULT_ACL.id(row.oid("oid")),
                row.text("defaclobjtype"),
                row.oid("defaclnamespace") == 0
                        ? Optional.empty()
                        : Optional.of(catalog.schema(row.oid("defaclnamespace"))));
        this.row = row;
        this.role = catalog.role(row.oid("defaclrole"));
    }

    @Override
    public void write(EntryWriter writer) {
        if (!wants(Component.PRIVILEGES) || writer.options().has(DumpSwitch.NO_PRIVILEGES)) {
            return;
        }
        String type = switch (row.letter("defaclobjtype")) {
            case 'r' -> "TABLES";
            case 'S' -> "SEQUENCES";
            case 'f' -> "FUNCTIONS";
            case 'T' -> "TYPES";
            case 'n' -> "SCHEMAS";
            case 'L' -> "LARGE OBJECTS";
            default ->
                throw new DumpException(
                        "unrecognized object type in default privileges: " + (int) row.letter("defaclobjtype"));
        };
        String sql = new PrivilegeCommands(writer.words(), writer.emulated())
                .defaults(type, schemaName(), role, row.text("defaclacl"), row.text("acldefault"));
        writer.add(
                this,
                new EntryText("DEFAULT ACL", "DEFAULT PRIVILEGES FOR " + type)
                        .owner(role)
                        .postData()
                        .define(sql));
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof DefaultPrivileges privileges ? CodePointOrder.compare(role, privileges.role) : 0;
    }
}
