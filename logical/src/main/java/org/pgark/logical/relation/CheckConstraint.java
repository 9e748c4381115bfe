package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** A CHECK constraint of a table, or a NOT NULL that is not valid yet. */
final class CheckConstraint extends Constraint {
    private final Relation table;
    private final String definition;
    private final boolean local;

    CheckConstraint(
            CatalogId id, String name, Relation table, char type, String definition, boolean local, boolean separate) {
        super(ObjectKind.CONSTRAINT, id, name, table, type, separate);
        this.table = table;
        this.definition = definition;
        this.local = local;
    }

    String definition() {
        return definition;
    }

    boolean isLocal() {
        return local;
    }

    @Override
    public void write(EntryWriter writer) {
        if (!isSeparate()) {
            return;
        }
        if (local && wants(Component.DEFINITION)) {
            String foreign = table.form() == RelationForm.FOREIGN_TABLE ? "FOREIGN " : "";
            String qualified = writer.qualified(table);
            writer.add(
                    this,
                    new EntryText(type() == 'c' ? "CHECK CONSTRAINT" : "CONSTRAINT", table.name() + " " + name())
                            .owner(table.owner())
                            .postData()
                            .define("ALTER " + foreign + "TABLE " + qualified + "\n    ADD CONSTRAINT "
                                    + writer.quote(name()) + " " + definition + ";\n")
                            .drop("ALTER " + foreign + "TABLE " + qualified + " DROP CONSTRAINT " + writer.quote(name())
                                    + ";\n"));
        }
        writeComment(writer);
    }

    /** Writes the comment, which hangs on the table where the constraint is part of it. */
    void writeComment(EntryWriter writer) {
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this,
                    "CONSTRAINT " + writer.quote(name()) + " ON",
                    writer.quote(table.name()),
                    table.schemaName(),
                    table.owner(),
                    isSeparate() ? dumpId() : table.dumpId());
        }
    }
}
