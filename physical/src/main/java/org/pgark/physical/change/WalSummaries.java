package org.pgark.physical.change;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.datadir.Fork;

/** Asks a server of version 17 or later for its WAL summaries. */
public final class WalSummaries {
    private static final int ROWS_AT_ONCE = 10_000;

    private final ConnectionSettings settings;
    private final Duration patience;

    /**
     * @param patience how long the server's summarizer may take to come as far as the range does
     */
    public WalSummaries(ConnectionSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /**
     * Reads what changed.
     *
     * @throws UnknownChangesException if the server keeps no summaries, or they do not cover the range
     */
    public ChangeMap read(ChangeRange range) throws UnknownChangesException, InterruptedException {
        return read(range, Set.of());
    }

    /**
     * Reads what changed in some relations.
     *
     * @param relations numbers of their files; what is said of others is not complete. All count if there is none.
     * @throws UnknownChangesException if the server keeps no summaries, or they do not cover the range
     */
    public ChangeMap read(ChangeRange range, Set<Integer> relations)
            throws UnknownChangesException, InterruptedException {
        String numbers = relations.stream().map(Integer::toUnsignedString).collect(Collectors.joining(",", "{", "}"));
        try (ServerSession session = ServerSession.open(settings)) {
            if (session.major().compareTo(PostgresMajor.V17) < 0) {
                throw new UnknownChangesException("server version " + session.major() + " keeps no WAL summaries");
            }
            if (!session.queryBoolean("SELECT pg_catalog.current_setting('summarize_wal')::boolean")) {
                throw new UnknownChangesException("the server keeps no WAL summaries, summarize_wal is off");
            }
            AvailableSummaries available = new AvailableSummaries(session, patience);
            ChangeMap changes = new ChangeMap();
            for (ChangeRange.Stage stage : range.stages()) {
                for (AvailableSummaries.Summary summary : available.covering(stage, range.from())) {
                    add(session, stage, summary, numbers, changes);
                }
            }
            return changes;
        } catch (ConnectionException e) {
            throw new UnknownChangesException("the server's WAL summaries cannot be read: " + e.getMessage());
        }
    }

    private static void add(
            ServerSession session,
            ChangeRange.Stage stage,
            AvailableSummaries.Summary summary,
            String relations,
            ChangeMap changes)
            throws ConnectionException {
        try {
            session.jdbc().setAutoCommit(false);
            try (PreparedStatement statement = session.jdbc()
                    .prepareStatement("SELECT reltablespace::bigint, reldatabase::bigint, relfilenode::bigint,"
                            + " relforknumber, relblocknumber, is_limit_block"
                            + " FROM pg_catalog.pg_wal_summary_contents(?, ?::pg_catalog.pg_lsn,"
                            + " ?::pg_catalog.pg_lsn)"
                            + " WHERE is_limit_block OR relfilenode = 0 OR ?::bigint[] = '{}'"
                            + " OR relfilenode::bigint = ANY (?::bigint[])")) {
                statement.setFetchSize(ROWS_AT_ONCE);
                statement.setLong(1, stage.timeline().id());
                statement.setString(2, summary.from().toString());
                statement.setString(3, summary.to().toString());
                statement.setString(4, relations);
                statement.setString(5, relations);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        add(row, changes);
                    }
                }
            }
            session.jdbc().commit();
        } catch (SQLException e) {
            throw session.failure(e);
        }
    }

    private static void add(ResultSet row, ChangeMap changes) throws SQLException {
        int tablespace = (int) row.getLong(1);
        int database = (int) row.getLong(2);
        int relation = (int) row.getLong(3);
        Fork fork = Fork.ofNumber(row.getInt(4));
        int block = (int) row.getLong(5);
        if (relation == 0) {
            changes.addDatabase(tablespace, database);
        } else if (row.getBoolean(6)) {
            changes.addLimit(tablespace, database, relation, fork, block);
        } else {
            changes.addBlock(tablespace, database, relation, fork, block);
        }
    }
}
