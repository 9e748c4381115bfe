package org.pgark.physical.change;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.datadir.Fork;

/** Asks a server of version 17 or later for its WAL summaries. */
public final class WalSummaries {
    private static final int ROWS_AT_ONCE = 10_000;
    private static final long PAUSE_MILLIS = 50;

    private final ConnectionSettings settings;
    private final Duration patience;

    /**
     * @param patience how long the server's summarizer may take to come as far as the range does
     */
    public WalSummaries(ConnectionSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    private record Summary(Lsn from, Lsn to) {}

    /**
     * Reads what changed.
     *
     * @throws UnknownChangesException if the server keeps no summaries, or they do not cover the range
     */
    public ChangeMap read(ChangeRange range) throws UnknownChangesException, InterruptedException {
        try (ServerSession session = ServerSession.open(settings)) {
            if (session.major().compareTo(PostgresMajor.V17) < 0) {
                throw new UnknownChangesException("server version " + session.major() + " keeps no WAL summaries");
            }
            if (!session.queryBoolean("SELECT pg_catalog.current_setting('summarize_wal')::boolean")) {
                throw new UnknownChangesException("the server keeps no WAL summaries, summarize_wal is off");
            }
            ChangeMap changes = new ChangeMap();
            for (ChangeRange.Stage stage : range.stages()) {
                List<Summary> found = covering(session, stage);
                if (stage.from().equals(range.from())) {
                    requireRedoPoint(found, stage);
                }
                for (Summary summary : found) {
                    add(session, stage, summary, changes);
                }
            }
            return changes;
        } catch (ConnectionException e) {
            throw new UnknownChangesException("the server's WAL summaries cannot be read: " + e.getMessage());
        }
    }

    /**
     * A summary ends at every redo position, so one begins where the range does. If none does, this server never was
     * there: an older copy of its files was put back, and its WAL went another way under the same timeline.
     */
    private static void requireRedoPoint(List<Summary> found, ChangeRange.Stage stage) throws UnknownChangesException {
        if (found.stream().noneMatch(summary -> summary.from.equals(stage.from()))) {
            throw new UnknownChangesException("no WAL summary of timeline " + stage.timeline() + " begins at "
                    + stage.from() + ", so this server did not write the WAL there");
        }
    }

    private List<Summary> covering(ServerSession session, ChangeRange.Stage stage)
            throws ConnectionException, UnknownChangesException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Summary> found = session.queryList(
                    "SELECT start_lsn::text, end_lsn::text FROM pg_catalog.pg_available_wal_summaries()"
                            + " WHERE tli = ? AND end_lsn > ?::pg_catalog.pg_lsn AND start_lsn < ?::pg_catalog.pg_lsn"
                            + " ORDER BY start_lsn",
                    row -> new Summary(Lsn.parse(row.getString(1)), Lsn.parse(row.getString(2))),
                    (long) stage.timeline().id(),
                    stage.from().toString(),
                    stage.to().toString());
            Lsn reached = stage.from();
            for (Summary summary : found) {
                if (summary.from.isAfter(reached)) {
                    throw new UnknownChangesException("the server's WAL summaries of timeline " + stage.timeline()
                            + " have a gap from " + reached + " to " + summary.from);
                }
                reached = summary.to.isAfter(reached) ? summary.to : reached;
            }
            if (!reached.isBefore(stage.to())) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new UnknownChangesException("the server's WAL summaries of timeline " + stage.timeline()
                        + " go to " + reached + " only, not to " + stage.to());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static void add(ServerSession session, ChangeRange.Stage stage, Summary summary, ChangeMap changes)
            throws ConnectionException {
        try {
            session.jdbc().setAutoCommit(false);
            try (PreparedStatement statement = session.jdbc()
                    .prepareStatement("SELECT reltablespace::bigint, reldatabase::bigint, relfilenode::bigint,"
                            + " relforknumber, relblocknumber, is_limit_block"
                            + " FROM pg_catalog.pg_wal_summary_contents(?, ?::pg_catalog.pg_lsn,"
                            + " ?::pg_catalog.pg_lsn)")) {
                statement.setFetchSize(ROWS_AT_ONCE);
                statement.setLong(1, stage.timeline().id());
                statement.setString(2, summary.from.toString());
                statement.setString(3, summary.to.toString());
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
