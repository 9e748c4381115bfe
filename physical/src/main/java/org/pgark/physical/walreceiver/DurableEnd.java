package org.pgark.physical.walreceiver;

import java.util.HashMap;
import java.util.Map;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** Up to where the WAL of each timeline is durable in the repository, as the server may be told. Never goes back. */
final class DurableEnd {
    private final Map<Timeline, Lsn> ends = new HashMap<>();

    /**
     * Takes note that the WAL of a timeline is durable up to a position; each round of uploads begins at the oldest
     * segment again, so that the position may be one that was passed long ago.
     */
    synchronized void reaches(Timeline timeline, Lsn end) {
        ends.merge(timeline, end, (known, now) -> now.isBefore(known) ? known : now);
    }

    /** The end of a timeline, not beyond {@code flushed}; zero if nothing of it is known yet. */
    synchronized Lsn of(Timeline timeline, Lsn flushed) {
        Lsn end = ends.getOrDefault(timeline, Lsn.ZERO);
        return end.isBefore(flushed) ? end : flushed;
    }
}
