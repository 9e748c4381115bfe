package org.pgark.repository.retention;

import java.time.Instant;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/**
 * A backup about which to decide.
 *
 * @param id its id
 * @param incarnation which incarnation of the cluster it is of
 * @param timeline the timeline on which it is consistent
 * @param stop where it is consistent
 * @param time when it was consistent
 * @param wal the segments that make it consistent
 * @param unusable why it cannot be restored, as far as is known; empty if it can
 * @param pin that the user wants it kept
 * @param archival whether it stands for itself, with just the WAL that makes it consistent
 * @param reader who reads it now; empty if nobody does
 */
public record Candidate(
        String id,
        String incarnation,
        Timeline timeline,
        Lsn stop,
        Instant time,
        WalNumbers wal,
        String unusable,
        Optional<String> pin,
        boolean archival,
        String reader) {
    /**
     * Segments of a backup.
     *
     * @param startTimeline the timeline on which it starts
     * @param first the number of the first
     * @param last the number of the last
     */
    public record WalNumbers(Timeline startTimeline, long first, long last) {}

    /** Whether a policy may count on it. */
    public boolean counts() {
        return unusable.isEmpty() && !archival;
    }
}
