package org.pgark.repository.retention;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of segment numbers of one timeline.
 *
 * @param ranges ascending, with a gap between each and the next
 */
public record NumberRanges(List<Range> ranges) {
    /** The end of a range that has none. */
    public static final long OPEN = Long.MAX_VALUE;

    /** No number. */
    public static final NumberRanges NONE = new NumberRanges(List.of());

    /** Every number. */
    public static final NumberRanges ALL = new NumberRanges(List.of(new Range(0, OPEN)));

    /**
     * Neighbouring numbers.
     *
     * @param first the first
     * @param last the last, {@link NumberRanges#OPEN} if there is none
     */
    public record Range(long first, long last) {
        public Range {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("invalid range of segments " + first + " to " + last);
            }
        }
    }

    public NumberRanges {
        ranges = List.copyOf(ranges);
    }

    /** The union of ranges in any order. */
    public static NumberRanges of(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(Range::first));
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            Range before = joined.isEmpty() ? null : joined.getLast();
            if (before != null && (before.last == OPEN || range.first <= before.last + 1)) {
                joined.set(joined.size() - 1, new Range(before.first, Math.max(before.last, range.last)));
            } else {
                joined.add(range);
            }
        }
        return new NumberRanges(joined);
    }

    /** What is in both. */
    public NumberRanges and(NumberRanges other) {
        List<Range> common = new ArrayList<>();
        for (Range mine : ranges) {
            for (Range theirs : other.ranges) {
                long first = Math.max(mine.first, theirs.first);
                long last = Math.min(mine.last, theirs.last);
                if (first <= last) {
                    common.add(new Range(first, last));
                }
            }
        }
        return of(common);
    }

    /** Whether a number is in it. */
    public boolean contains(long number) {
        return ranges.stream().anyMatch(range -> range.first <= number && number <= range.last);
    }
}
