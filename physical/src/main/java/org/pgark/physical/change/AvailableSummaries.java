package org.pgark.physical.change;

import java.time.Duration;
import java.util.List;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;

/** Which WAL summaries a server has. */
final class AvailableSummaries {
    private static final long PAUSE_MILLIS = 50;

    private final ServerSession session;
    private final Duration patience;

    /**
     * @param patience how long the server's summarizer may take to come as far as a stage does
     */
    AvailableSummaries(ServerSession session, Duration patience) {
        this.session = session;
        this.patience = patience;
    }

    /**
     * One of them.
     *
     * @param from where its WAL begins
     * @param to where that ends
     */
    record Summary(Lsn from, Lsn to) {}

    /**
     * Those of a stage, all of it, waiting for the last ones.
     *
     * @param first where the range begins that the stage belongs to; a summary has to begin there
     */
    List<Summary> covering(ChangeRange.Stage stage, Lsn first)
            throws ConnectionException, UnknownChangesException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Summary> found = list(stage);
            Lsn reached = reached(found, stage);
            if (!reached.isBefore(stage.to())) {
                requireRedoPoint(found, stage, first);
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new UnknownChangesException("the server's WAL summaries of timeline " + stage.timeline()
                        + " go to " + reached + " only, not to " + stage.to());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Those of a stage that there are already: none before the first checkpoint behind its beginning. */
    List<Summary> soFar(ChangeRange.Stage stage, Lsn first) throws ConnectionException, UnknownChangesException {
        List<Summary> found = list(stage);
        reached(found, stage);
        if (!found.isEmpty()) {
            requireRedoPoint(found, stage, first);
        }
        return found;
    }

    /**
     * A summary ends at every redo position, so one begins where the range does. If none does, this server never was
     * there: an older copy of its files was put back, and its WAL went another way under the same timeline.
     */
    private static void requireRedoPoint(List<Summary> found, ChangeRange.Stage stage, Lsn first)
            throws UnknownChangesException {
        if (stage.from().equals(first) && found.stream().noneMatch(summary -> summary.from.equals(first))) {
            throw new UnknownChangesException("no WAL summary of timeline " + stage.timeline() + " begins at " + first
                    + ", so this server did not write the WAL there");
        }
    }

    private List<Summary> list(ChangeRange.Stage stage) throws ConnectionException {
        return session.queryList(
                "SELECT start_lsn::text, end_lsn::text FROM pg_catalog.pg_available_wal_summaries()"
                        + " WHERE tli = ? AND end_lsn > ?::pg_catalog.pg_lsn AND start_lsn < ?::pg_catalog.pg_lsn"
                        + " ORDER BY start_lsn",
                row -> new Summary(Lsn.parse(row.getString(1)), Lsn.parse(row.getString(2))),
                (long) stage.timeline().id(),
                stage.from().toString(),
                stage.to().toString());
    }

    private static Lsn reached(List<Summary> found, ChangeRange.Stage stage) throws UnknownChangesException {
        Lsn reached = stage.from();
        for (Summary summary : found) {
            if (summary.from.isAfter(reached)) {
                throw new UnknownChangesException("the server's WAL summaries of timeline " + stage.timeline()
                        + " have a gap from " + reached + " to " + summary.from);
            }
            reached = summary.to.isAfter(reached) ? summary.to : reached;
        }
        return reached;
    }
}
