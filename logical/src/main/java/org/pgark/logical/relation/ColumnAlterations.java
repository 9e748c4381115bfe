package org.pgark.logical.relation;

import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryWriter;

/** What can be said of columns only by ALTER TABLE. */
final class ColumnAlterations {
    private final Relation table;
    private final EntryWriter writer;
    private final StringBuilder sql;

    ColumnAlterations(Relation table, EntryWriter writer, StringBuilder sql) {
        this.table = table;
        this.writer = writer;
        this.sql = sql;
    }

    void append() {
        for (Column column : table.columns()) {
            if (column.isDropped()) {
                continue;
            }
            if (column.statisticsTarget() >= 0) {
                alter(column, "SET STATISTICS " + column.statisticsTarget());
            }
            column.storage().ifPresent(storage -> alter(column, "SET STORAGE " + storage));
            if (!writer.options().has(DumpSwitch.NO_TOAST_COMPRESSION) && writer.emulated() >= 14) {
                column.compression().ifPresent(method -> alter(column, "SET COMPRESSION " + method));
            }
            if (!column.options().isEmpty()) {
                alter(column, "SET (" + column.options() + ")");
            }
            if (table.form() == RelationForm.FOREIGN_TABLE
                    && !column.foreignOptions().isEmpty()) {
                alter(
                        writer.emulated() < 17 ? "" : "ONLY ",
                        column,
                        "OPTIONS (\n    " + column.foreignOptions() + "\n)");
            }
        }
    }

    private void alter(Column column, String what) {
        alter("ONLY ", column, what);
    }

    private void alter(String only, Column column, String what) {
        sql.append("ALTER ")
                .append(table.form() == RelationForm.FOREIGN_TABLE ? "FOREIGN " : "")
                .append("TABLE ")
                .append(only)
                .append(writer.qualified(table))
                .append(" ALTER COLUMN ")
                .append(writer.quote(column.name()))
                .append(' ')
                .append(what)
                .append(";\n");
    }
}
