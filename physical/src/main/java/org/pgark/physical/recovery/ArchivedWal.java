package org.pgark.physical.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.util.NavigableSet;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** What the planner asks of the archive of one cluster. Every failure to read is an exception, never absence. */
public interface ArchivedWal {
    /** The size of all segments. */
    WalSegmentSize segmentSize();

    /** The timelines of which there is a complete segment or a history file. */
    NavigableSet<Timeline> timelines() throws IOException;

    /** Where a timeline came from; without ancestors if the archive has no history file of it. */
    TimelineHistory history(Timeline timeline) throws IOException;

    /** What is wrong with a timeline's history file, if there is one; {@link #history} fails then. */
    default Optional<String> historyDamage(Timeline timeline) throws IOException {
        return Optional.empty();
    }

    /** The numbers, counted from LSN 0/0, of the complete segments of a timeline. */
    NavigableSet<Long> segmentNumbers(Timeline timeline) throws IOException;

    /**
     * How far a segment that is not complete is known, if anything is: a receiver of WAL saves it piece by piece. What it
     * tells and holds is asked for as of any other.
     */
    default Optional<Lsn> runningEnd(Timeline timeline, long number) throws IOException {
        return Optional.empty();
    }

    /** The damage that was found in a segment, which is therefore none of {@link #segmentNumbers}. */
    default Optional<String> damageOf(WalSegmentName segment) throws IOException {
        return Optional.empty();
    }

    /** What a segment tells. */
    WalFacts facts(WalSegmentName segment) throws IOException;

    /** A segment's content. The caller closes it. */
    InputStream open(WalSegmentName segment) throws IOException;
}
