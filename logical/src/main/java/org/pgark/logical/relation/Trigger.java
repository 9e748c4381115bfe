package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** A trigger on a table. One that a partition has from its parent only says whether it is enabled, where that differs. */
final class Trigger extends DumpObject {
    private final Relation table;
    private final String definition;
    private final char enabled;
    private final boolean ofPartition;

    Trigger(CatalogId id, String name, Relation table, String definition, char enabled, boolean ofPartition) {
        super(ObjectKind.TRIGGER, id, name, table.schema());
        this.table = table;
        this.definition = definition;
        this.enabled = enabled;
        this.ofPartition = ofPartition;
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof Trigger trigger ? table.compareNames(trigger.table) : 0;
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            String identity = quoted + " ON " + writer.qualified(table);
            StringBuilder sql = new StringBuilder();
            String drop = "";
            if (!ofPartition) {
                sql.append(definition).append(";\n");
                writer.appendExtensionDependencies(sql, this, "TRIGGER", identity);
                drop = "DROP TRIGGER " + identity + ";\n";
            }
            if (ofPartition || (enabled != 't' && enabled != 'O')) {
                sql.append("\nALTER ")
                        .append(table.form() == RelationForm.FOREIGN_TABLE ? "FOREIGN " : "")
                        .append("TABLE ")
                        .append(writer.qualified(table))
                        .append(' ')
                        .append(firing())
                        .append(" TRIGGER ")
                        .append(quoted)
                        .append(";\n");
            }
            writer.add(
                    this,
                    new EntryText("TRIGGER", table.name() + " " + name())
                            .owner(table.owner())
                            .postData()
                            .define(sql.toString())
                            .drop(drop));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this, "TRIGGER " + quoted + " ON", writer.quote(table.name()), table.schemaName(), table.owner());
        }
    }

    private String firing() {
        return switch (enabled) {
            case 'D', 'f' -> "DISABLE";
            case 'A' -> "ENABLE ALWAYS";
            case 'R' -> "ENABLE REPLICA";
            default -> "ENABLE";
        };
    }
}
