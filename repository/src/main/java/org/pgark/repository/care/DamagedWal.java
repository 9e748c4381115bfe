package org.pgark.repository.care;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.retention.ExpiredWal;

/**
 * WAL segments that verification found damaged, so that nothing counts on recovering through them.
 *
 * @param segments what was found in each
 */
public record DamagedWal(Map<WalSegmentName, Finding> segments) {
    /** None. */
    public static final DamagedWal NONE = new DamagedWal(Map.of());

    /**
     * What was found.
     *
     * @param depth by what kind of reading
     * @param reason what is wrong
     */
    public record Finding(Depth depth, String reason) {}

    public DamagedWal {
        segments = Collections.unmodifiableMap(new TreeMap<>(segments));
    }

    /** These and others; of two findings of a segment the one of the deeper reading stays. */
    public DamagedWal and(DamagedWal others) {
        Map<WalSegmentName, Finding> all = new HashMap<>(segments);
        others.segments.forEach((segment, finding) ->
                all.merge(segment, finding, (before, now) -> now.depth().compareTo(before.depth()) < 0 ? before : now));
        return new DamagedWal(all);
    }

    /** Without those that have expired. */
    public DamagedWal without(ExpiredWal expired, WalSegmentSize size) {
        Map<WalSegmentName, Finding> left = new HashMap<>(segments);
        left.keySet().removeIf(segment -> expired.contains(segment.timeline(), segment.number(size)));
        return new DamagedWal(left);
    }

    /** Without those that were read without a fault, as far as that reading would have found what was found before. */
    public DamagedWal without(Collection<WalSegmentName> sound, Depth depth) {
        Map<WalSegmentName, Finding> left = new HashMap<>(segments);
        left.entrySet()
                .removeIf(one ->
                        sound.contains(one.getKey()) && one.getValue().depth().compareTo(depth) <= 0);
        return new DamagedWal(left);
    }
}
