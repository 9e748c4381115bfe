package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** A foreign key. */
public final class ForeignKey extends Constraint {
    private final Relation table;
    private final long referencedTable;
    private final String definition;

    ForeignKey(CatalogId id, String name, Relation table, long referencedTable, String definition) {
        super(ObjectKind.FOREIGN_KEY, id, name, table, 'f', true);
        this.table = table;
        this.referencedTable = referencedTable;
        this.definition = definition;
        want(Components.ALL);
    }

    public Relation table() {
        return table;
    }

    /** OID of the table that it refers to. */
    public long referencedTable() {
        return referencedTable;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            // on a partitioned table a foreign key goes down to the partitions, elsewhere it never does
            String alter = "ALTER " + (table.form() == RelationForm.FOREIGN_TABLE ? "FOREIGN " : "") + "TABLE "
                    + (table.form() == RelationForm.PARTITIONED_TABLE ? "" : "ONLY ") + writer.qualified(table);
            String quoted = writer.quote(name());
            writer.add(
                    this,
                    new EntryText("FK CONSTRAINT", table.name() + " " + name())
                            .owner(table.owner())
                            .postData()
                            .define(alter + "\n    ADD CONSTRAINT " + quoted + " " + definition + ";\n")
                            .drop(alter + " DROP CONSTRAINT " + quoted + ";\n"));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this,
                    "CONSTRAINT " + writer.quote(name()) + " ON",
                    writer.quote(table.name()),
                    table.schemaName(),
                    table.owner());
        }
    }
}
