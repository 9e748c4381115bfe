package org.pgark.logical.catalog;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.postgres.wire.Column;
import org.pgark.postgres.wire.QueryResult;
import org.pgark.postgres.wire.WireConnection;

/** The connection that reads the catalogues, inside the dump's snapshot. */
public final class CatalogSession {
    private final WireConnection connection;
    private int statements;

    public CatalogSession(WireConnection connection) {
        this.connection = connection;
    }

    public WireConnection connection() {
        return connection;
    }

    /** The server's version as a number, 150004 for 15.4. */
    public int serverVersion() {
        return connection.serverVersion();
    }

    /** How many statements were sent so far. */
    public int statements() {
        return statements;
    }

    /** Runs one query and returns its rows. */
    public List<Row> rows(String sql) {
        QueryResult result = run(sql);
        Map<String, Integer> columns = new HashMap<>();
        List<Column> described = result.columns();
        for (int i = 0; i < described.size(); i++) {
            columns.putIfAbsent(described.get(i).name(), i);
        }
        return result.rows().stream().map(row -> new Row(columns, row)).toList();
    }

    /** Runs one statement. */
    public void execute(String sql) {
        run(sql);
    }

    private QueryResult run(String sql) {
        statements++;
        try {
            return connection.query(sql).getFirst();
        } catch (IOException e) {
            throw new DumpException("query failed: " + e.getMessage(), e, "Query was: " + sql);
        }
    }
}
