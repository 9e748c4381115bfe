package org.pgark.physical.change;

import java.time.Duration;
import java.util.List;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.datadir.Fork;

/** Asks a server of version 17 or later which relations were created, dropped or cut, as its WAL summaries say. */
public final class RelationLimits {
    private final ServerSession session;
    private final Duration patience;

    /**
     * @param session of the server, without an open transaction
     * @param patience how long the server's summarizer may take to come as far as a range does
     */
    public RelationLimits(ServerSession session, Duration patience) {
        this.session = session;
        this.patience = patience;
    }

    private record Limit(int tablespace, int database, int relation, Fork fork, int block) {
        void addTo(ChangeMap changes) {
            if (relation == 0) {
                changes.addDatabase(tablespace, database);
            } else {
                changes.addLimit(tablespace, database, relation, fork, block);
            }
        }
    }

    /**
     * Those of all of a range.
     *
     * @return in which nothing but limits and databases counts
     * @throws UnknownChangesException if there are no summaries of all of it, or none begins where the range does
     */
    public ChangeMap of(ChangeRange range) throws UnknownChangesException, InterruptedException {
        AvailableSummaries available = new AvailableSummaries(session, patience);
        ChangeMap changes = new ChangeMap();
        try {
            for (ChangeRange.Stage stage : range.stages()) {
                add(stage, available.covering(stage, range.from()), changes);
            }
        } catch (ConnectionException e) {
            throw unreadable(e);
        }
        return changes;
    }

    /**
     * Those of a range as far as there are summaries.
     *
     * @return in which nothing but limits and databases counts
     * @throws UnknownChangesException if there are some, but none begins where the range does
     */
    public ChangeMap soFar(ChangeRange range) throws UnknownChangesException {
        AvailableSummaries available = new AvailableSummaries(session, patience);
        ChangeMap changes = new ChangeMap();
        try {
            for (ChangeRange.Stage stage : range.stages()) {
                add(stage, available.soFar(stage, range.from()), changes);
            }
        } catch (ConnectionException e) {
            throw unreadable(e);
        }
        return changes;
    }

    private static UnknownChangesException unreadable(ConnectionException e) {
        return new UnknownChangesException("the server's WAL summaries cannot be read: " + e.getMessage());
    }

    private void add(ChangeRange.Stage stage, List<AvailableSummaries.Summary> summaries, ChangeMap changes)
            throws ConnectionException {
        for (AvailableSummaries.Summary summary : summaries) {
            session.queryList(
                            "SELECT reltablespace::bigint, reldatabase::bigint, relfilenode::bigint, relforknumber,"
                                    + " relblocknumber FROM pg_catalog.pg_wal_summary_contents(?, ?::pg_catalog.pg_lsn,"
                                    + " ?::pg_catalog.pg_lsn) WHERE is_limit_block OR relfilenode = 0",
                            row -> new Limit(
                                    (int) row.getLong(1),
                                    (int) row.getLong(2),
                                    (int) row.getLong(3),
                                    Fork.ofNumber(row.getInt(4)),
                                    (int) row.getLong(5)),
                            (long) stage.timeline().id(),
                            summary.from().toString(),
                            summary.to().toString())
                    .forEach(limit -> limit.addTo(changes));
        }
    }
}
