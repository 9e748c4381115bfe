package org.pgark.repository.retention;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * A timeline of an incarnation, of which there is WAL, a history file or a backup.
 *
 * @param incarnation the incarnation
 * @param history where it came from
 * @param lastTime when the last transaction ended on the timeline itself, or its newest file was archived if that was
 *     later, as far as is known
 * @param newest the greatest number of a segment that the archive has of it; -1 for none
 * @param segmentSize the size of its segments
 */
public record Branch(
        String incarnation,
        TimelineHistory history,
        Optional<Instant> lastTime,
        long newest,
        WalSegmentSize segmentSize) {
    /** Whether a backup lies on it or before it, so that recovery can go from the backup along it. */
    public boolean carries(Candidate backup) {
        return backup.incarnation().equals(incarnation)
                && history.contains(backup.timeline(), backup.stop())
                && history.chain().contains(backup.wal().startTimeline());
    }

    /** Whether it is nothing but the past of another one: all its WAL lies before the fork, and so do {@code backups}. */
    boolean goesOnIn(Branch other, List<Candidate> backups) {
        Optional<Lsn> fork = other.incarnation.equals(incarnation)
                ? other.history.switchPointOf(history.timeline())
                : Optional.empty();
        return fork.isPresent()
                && newest <= Long.divideUnsigned(fork.get().value(), segmentSize.bytes())
                && backups.stream().filter(this::carries).allMatch(other::carries);
    }
}
