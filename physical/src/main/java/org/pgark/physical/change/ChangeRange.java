package org.pgark.physical.change;

import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * A stretch of WAL of whose records all have to be known.
 *
 * @param history of the timeline that the stretch ends on
 * @param from where the first record may begin
 * @param to before which the last record begins
 */
public record ChangeRange(TimelineHistory history, Lsn from, Lsn to) {
    public ChangeRange {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("invalid range of WAL from " + from + " to " + to);
        }
    }

    /** How many bytes of WAL it has. */
    public long bytes() {
        return to.minus(from);
    }

    /**
     * A part of the stretch on one timeline.
     *
     * @param timeline the timeline
     * @param from where it begins
     * @param to where it ends
     */
    public record Stage(Timeline timeline, Lsn from, Lsn to) {}

    /** The parts of the stretch, one for each timeline that it touches. */
    List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        for (Timeline timeline : history.chain()) {
            Lsn begin = history.beginOf(timeline).orElseThrow();
            Lsn end = history.switchPointOf(timeline).orElse(to);
            Lsn first = begin.isAfter(from) ? begin : from;
            Lsn last = end.isBefore(to) ? end : to;
            if (first.isBefore(last)) {
                stages.add(new Stage(timeline, first, last));
            }
        }
        return stages;
    }

    /**
     * The segments that hold the stretch, up to the one in which the record at its end begins. A segment in which the
     * timeline changed is that of the later timeline, which begins with a copy of the earlier one's.
     */
    List<WalSegmentName> segments(WalSegmentSize size) {
        List<WalSegmentName> segments = new ArrayList<>();
        long last = WalSegmentName.containing(Timeline.FIRST, to, size).number(size);
        for (long number = WalSegmentName.containing(Timeline.FIRST, from, size).number(size);
                number <= last;
                number++) {
            WalSegmentName any = WalSegmentName.ofNumber(Timeline.FIRST, number, size);
            Lsn end = number == last ? to : any.end(size).plus(-1);
            segments.add(any.on(history.timelineAt(end)));
        }
        return segments;
    }
}
