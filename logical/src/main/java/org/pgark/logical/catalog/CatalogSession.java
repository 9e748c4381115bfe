package org.pgark.logical.catalog;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.pgark.postgres.wire.Column;
import org.pgark.postgres.wire.QueryResult;
import org.pgark.postgres.wire.RowStream;
import org.pgark.postgres.wire.WireConnection;

/** The connection that reads the catalogues, inside the dump's snapshot. */
public final class CatalogSession {
    private final WireConnection connection;
    private final int serverVersion;
    private int statements;

    public CatalogSession(WireConnection connection) {
        this.connection = connection;
        this.serverVersion = connection.serverVersion();
    }

    public WireConnection connection() {
        return connection;
    }

    /** The server's version as a number, 150004 for 15.4. */
    public int serverVersion() {
        return serverVersion;
    }

    /** How many statements were sent so far. */
    public int statements() {
        return statements;
    }

    /** Runs one query and returns its rows. */
    public List<Row> rows(String sql) {
        QueryResult result = run(sql);
        Map<String, Integer> places = places(result.columns());
        return result.rows().stream().map(row -> new Row(places, row)).toList();
    }

    /**
     * Runs one query and hands its rows on as they come, for those that a large database has many of. Nothing else can be asked
     * meanwhile.
     */
    public void eachRow(String sql, Consumer<Row> taker) {
        statements++;
        try (RowStream rows = connection.queryStream(sql)) {
            Map<String, Integer> places = places(rows.columns());
            for (Optional<org.pgark.postgres.wire.Row> row = rows.next(); row.isPresent(); row = rows.next()) {
                taker.accept(new Row(places, row.get()));
            }
        } catch (IOException e) {
            throw failure(sql, e);
        }
    }

    private static Map<String, Integer> places(List<Column> columns) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            places.putIfAbsent(columns.get(i).name(), i);
        }
        return places;
    }

    private static DumpException failure(String sql, IOException e) {
        String message = "query failed: " + e.getMessage();
        String detail = "Query was: " + sql;
        return ChangedMeanwhileException.explains(e)
                ? new ChangedMeanwhileException(message, e, detail)
                : new DumpException(message, e, detail);
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
            throw failure(sql, e);
        }
    }
}
