package org.pgark.repository.retention;

import java.time.Instant;
import java.util.Optional;
import org.pgark.postgres.wal.TimelineHistory;

/**
 * A timeline of an incarnation, of which there is WAL, a history file or a backup.
 *
 * @param incarnation the incarnation
 * @param history where it came from
 * @param lastTime when the last transaction ended on the timeline itself, as far as is known
 * @param newest the greatest number of a segment that the archive has of it; -1 for none
 */
public record Branch(String incarnation, TimelineHistory history, Optional<Instant> lastTime, long newest) {
    /** Whether a backup lies on it or before it, so that recovery can go from the backup along it. */
    public boolean carries(Candidate backup) {
        return backup.incarnation().equals(incarnation)
                && history.contains(backup.timeline(), backup.stop())
                && history.chain().contains(backup.wal().startTimeline());
    }
}
