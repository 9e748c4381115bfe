package org.pgark.logical.relation;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.postgres.wire.WireConnection;

/** Where the rows of one table are read, and where they go; the texts are made beforehand, since workers read at the same time. */
final class RowSource {
    private final Relation table;
    private final String name;
    private final String target;
    private final String condition;
    private final String columnList;
    private final List<String> quotedColumns;
    private final DumpListener listener;
    private final EntryWriter words;

    RowSource(Relation table, Relation target, String condition, DumpOptions options, EntryWriter writer) {
        this.table = table;
        this.name = writer.qualified(table);
        this.target = writer.qualified(target);
        this.condition = condition;
        this.listener = writer.listener();
        this.words = writer;
        this.quotedColumns = table.columns().stream()
                .map(column -> writer.quote(column.name()))
                .toList();
        String copied = table.columns().stream()
                .filter(column -> !column.isDropped() && !column.isGenerated())
                .map(column -> quotedColumns.get(column.number() - 1))
                .collect(Collectors.joining(", "));
        this.columnList = copied.isEmpty() ? "" : "(" + copied + ")";
    }

    String columnList() {
        return columnList;
    }

    Relation table() {
        return table;
    }

    String target() {
        return target;
    }

    String name() {
        return name;
    }

    String condition() {
        return condition;
    }

    String quoted(Column column) {
        return quotedColumns.get(column.number() - 1);
    }

    String literal(String text) {
        return words.literal(text);
    }

    String quote(String columnName) {
        return words.quote(columnName);
    }

    long size() {
        return table.facts().allPages();
    }

    /** COPY of a table, or of a query where COPY cannot name it or not all rows are wanted. */
    String copyStatement() {
        if (condition.isEmpty() && table.form() != RelationForm.FOREIGN_TABLE) {
            return "COPY " + name + " " + columnList + " TO stdout;";
        }
        String columns = columnList.isEmpty() ? "*" : columnList.substring(1, columnList.length() - 1);
        return "COPY (SELECT " + columns + " FROM " + name + " " + condition + ") TO stdout;";
    }

    void announce() {
        listener.progress("dumping contents of table \"" + table.schemaName() + "." + table.name() + "\"");
    }

    /** Foreign tables are out of bounds for a dump's sessions, so that nobody makes them call foreign code, but where asked. */
    void openForeignTable(WireConnection connection) throws IOException {
        if (table.form() == RelationForm.FOREIGN_TABLE) {
            connection.execute(restriction("view"));
        }
    }

    void closeForeignTable(WireConnection connection) throws IOException {
        if (table.form() == RelationForm.FOREIGN_TABLE) {
            connection.execute(restriction("view, foreign-table"));
        }
    }

    /** Sets restrict_nonsystem_relation_kind where the server has it. */
    static String restriction(String kinds) {
        return "SELECT set_config(name, '" + kinds
                + "', false) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'";
    }
}
