package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** Switches row-level security on for a table, which is apart from its having policies. */
final class RowSecurity extends DumpObject {
    private final Relation table;

    RowSecurity(Relation table) {
        super(ObjectKind.POLICY, new CatalogId(0, table.oid()), table.name(), table.schema());
        this.table = table;
    }

    Relation table() {
        return table;
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof Policy ? -other.breakTie(this) : 0;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("ROW SECURITY", name())
                            .owner(table.owner())
                            .postData()
                            .dependsOn(table.dumpId())
                            .define("ALTER TABLE " + writer.qualified(table) + " ENABLE ROW LEVEL SECURITY;"));
        }
    }
}
