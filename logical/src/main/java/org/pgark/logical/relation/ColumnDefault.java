package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.PartObject;
import org.pgark.logical.catalog.Placement;

/** The default or the generation expression of a column. */
public final class ColumnDefault extends PartObject {
    private final Relation table;
    private final Column column;
    private final String expression;

    ColumnDefault(CatalogId id, Relation table, Column column, String expression, boolean separate) {
        super(ObjectKind.COLUMN_DEFAULT, id, table.name(), table.schema(), separate);
        this.table = table;
        this.column = column;
        this.expression = expression;
        want(table.wanted());
    }

    @Override
    public DumpObject host() {
        return table;
    }

    String expression() {
        return expression;
    }

    @Override
    public Placement placement() {
        return Placement.PRE_DATA;
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof ColumnDefault value ? column.number() - value.column.number() : 0;
    }

    @Override
    public void write(EntryWriter writer) {
        if (!isSeparate() || !wants(Component.DEFINITION)) {
            return;
        }
        String foreign = table.form() == RelationForm.FOREIGN_TABLE ? "FOREIGN " : "";
        String qualified = writer.qualified(table);
        String quoted = writer.quote(column.name());
        writer.add(
                this,
                new EntryText("DEFAULT", table.name() + " " + column.name())
                        .owner(table.owner())
                        .define("ALTER " + foreign + "TABLE ONLY " + qualified + " ALTER COLUMN " + quoted
                                + " SET DEFAULT " + expression + ";\n")
                        .drop("ALTER " + foreign + "TABLE " + qualified + " ALTER COLUMN " + quoted
                                + " DROP DEFAULT;\n"));
    }
}
