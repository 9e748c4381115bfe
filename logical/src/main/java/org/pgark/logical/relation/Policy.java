package org.pgark.logical.relation;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A policy of row-level security. */
final class Policy extends DumpObject {
    private final Relation table;
    private final String definition;

    Policy(Row row, Relation table) {
        super(ObjectKind.POLICY, SystemCatalog.POLICY.id(row.oid("oid")), row.text("polname"), table.schema());
        this.table = table;
        this.definition = (row.flag("polpermissive") ? "" : " AS RESTRICTIVE")
                + command(row.letter("polcmd"))
                + row.optional("polroles").map(roles -> " TO " + roles).orElse("")
                + row.optional("polqual")
                        .map(condition -> " USING (" + condition + ")")
                        .orElse("")
                + row.optional("polwithcheck")
                        .map(condition -> " WITH CHECK (" + condition + ")")
                        .orElse("");
    }

    private static String command(char letter) {
        return switch (letter) {
            case '*' -> "";
            case 'r' -> " FOR SELECT";
            case 'a' -> " FOR INSERT";
            case 'w' -> " FOR UPDATE";
            case 'd' -> " FOR DELETE";
            default -> throw new DumpException("unexpected policy command type: " + letter);
        };
    }

    @Override
    public int breakTie(DumpObject other) {
        return switch (other) {
            case Policy policy -> table.compareNames(policy.table);
            case RowSecurity security -> table.compareNames(security.table());
            default -> 0;
        };
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            String identity = quoted + " ON " + writer.qualified(table);
            writer.add(
                    this,
                    new EntryText("POLICY", table.name() + " " + name())
                            .owner(table.owner())
                            .postData()
                            .define("CREATE POLICY " + identity + definition + ";\n")
                            .drop("DROP POLICY " + identity + ";\n"));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this, "POLICY " + quoted + " ON", writer.quote(table.name()), table.schemaName(), table.owner());
        }
    }
}
