package org.pgark.repository.retention;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pgark.postgres.Timeline;

/**
 * Which WAL is gone for good, whether it is deleted yet or not.
 *
 * @param alive what is not gone, of each timeline of which anything is
 */
public record ExpiredWal(Map<Timeline, NumberRanges> alive) {
    /** Nothing is gone. */
    public static final ExpiredWal NONE = new ExpiredWal(Map.of());

    public ExpiredWal {
        alive = Collections.unmodifiableMap(new TreeMap<>(alive));
    }

    /** Whether a segment is gone. */
    public boolean contains(Timeline timeline, long number) {
        NumberRanges ranges = alive.get(timeline);
        return ranges != null && !ranges.contains(number);
    }

    /**
     * What is gone too when only {@code needed} stays. What is gone stays gone. Beyond the newest segment that is there
     * nothing is gone, since it may come yet.
     *
     * @param newest the greatest number that the archive has of each timeline
     */
    public ExpiredWal without(Map<Timeline, NumberRanges> needed, Map<Timeline, Long> newest) {
        Map<Timeline, NumberRanges> left = new HashMap<>(alive);
        for (Timeline timeline : new TreeSet<>(needed.keySet())) {
            NumberRanges before = alive.getOrDefault(timeline, NumberRanges.ALL);
            long open = Math.max(newest.getOrDefault(timeline, -1L) + 1, firstOpen(before));
            NumberRanges wanted = NumberRanges.of(java.util.stream.Stream.concat(
                            needed.getOrDefault(timeline, NumberRanges.NONE).ranges().stream(),
                            java.util.stream.Stream.of(new NumberRanges.Range(open, NumberRanges.OPEN)))
                    .toList());
            NumberRanges after = before.and(wanted);
            if (after.equals(NumberRanges.ALL)) {
                left.remove(timeline);
            } else {
                left.put(timeline, after);
            }
        }
        return new ExpiredWal(left);
    }

    private static long firstOpen(NumberRanges ranges) {
        return ranges.ranges().isEmpty() ? 0 : ranges.ranges().getLast().first();
    }
}
