package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * Where a receiver goes on.
 *
 * @param timeline on which timeline
 * @param position the start of a segment
 * @param abandoned where WAL that was received ends which the server's history does not have; empty if there is none
 */
record ResumePoint(Timeline timeline, Lsn position, Optional<String> abandoned) {
    /**
     * After the newest segment on the newest timeline of the server's history, or where that timeline was left if more was
     * received of it than the server's history has: then the server was promoted from a standby that had less.
     */
    static Optional<ResumePoint> in(ReceiverDirectory directory, TimelineHistory history) throws IOException {
        WalSegmentSize size = directory.segmentSize();
        List<Timeline> newestFirst = history.chain().reversed();
        Optional<Timeline> successor = Optional.empty();
        for (Timeline timeline : newestFirst) {
            Optional<ReceivedSegment> newest = directory.newest(timeline);
            if (newest.isPresent()) {
                ReceivedSegment segment = newest.get();
                Lsn start = segment.name().start(size);
                Lsn received =
                        segment.complete() ? segment.name().end(size) : start.plus(ReceiverDirectory.received(segment));
                Optional<Lsn> left = history.switchPointOf(timeline);
                if (left.isPresent() && successor.isPresent() && received.isAfter(left.get())) {
                    return Optional.of(new ResumePoint(
                            successor.get(),
                            new Lsn(left.get().value() & -(long) size.bytes()),
                            Optional.of("timeline " + timeline + " was left at " + left.get()
                                    + ", but its WAL was received up to " + received
                                    + "; what is beyond stays in the directory and is not on timeline "
                                    + history.timeline())));
                }
                return Optional.of(new ResumePoint(timeline, segment.complete() ? received : start, Optional.empty()));
            }
            successor = Optional.of(timeline);
        }
        return Optional.empty();
    }
}
