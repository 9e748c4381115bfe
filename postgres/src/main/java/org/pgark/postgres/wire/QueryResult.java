package org.pgark.postgres.wire;

import java.util.List;

/**
 * The whole result of one statement.
 *
 * @param columns the columns; none for a statement without rows
 * @param rows all rows
 * @param tag the command tag, for example {@code SELECT 3}; empty for an empty statement
 */
public record QueryResult(List<Column> columns, List<Row> rows, String tag) implements Answer {
    public QueryResult {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * The only row.
     *
     * @throws IllegalStateException if there is not exactly one
     */
    public Row onlyRow() {
        if (rows.size() != 1) {
            throw new IllegalStateException("expected one row, got " + rows.size());
        }
        return rows.getFirst();
    }
}
