package org.pgark.repository.care;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When the objects of which part of the ring were read last.
 *
 * @param arcs no two of which have a point in common; in the order of the ring
 */
public record CheckedRing(List<Checked> arcs) {
    /** Nothing was read. */
    public static final CheckedRing NONE = new CheckedRing(List.of());

    /**
     * An arc.
     *
     * @param from the first point
     * @param to the last point, not before {@code from}
     * @param entry the number of the last entry of the log when its reading began: what that entry and those before say
     *     was read
     * @param time when its reading ended, by the clock of who read
     */
    public record Checked(int from, int to, long entry, Instant time) {}

    public CheckedRing {
        arcs = List.copyOf(arcs);
    }

    /** The ring after an arc was read. */
    public CheckedRing with(Arc arc, long entry, Instant time) {
        int last = arc.from() + arc.length() - 1;
        if (last < Arc.POINTS) {
            return with(new Checked(arc.from(), last, entry, time));
        }
        return with(new Checked(arc.from(), Arc.POINTS - 1, entry, time))
                .with(new Checked(0, last - Arc.POINTS, entry, time));
    }

    private CheckedRing with(Checked added) {
        List<Checked> result = new ArrayList<>(List.of(added));
        for (Checked arc : arcs) {
            if (arc.from < added.from) {
                result.add(new Checked(arc.from, Math.min(arc.to, added.from - 1), arc.entry, arc.time));
            }
            if (arc.to > added.to) {
                result.add(new Checked(Math.max(arc.from, added.to + 1), arc.to, arc.entry, arc.time));
            }
        }
        result.sort(Comparator.comparingInt(Checked::from));
        return new CheckedRing(result);
    }

    /** Where the next sample begins: behind the newest one. */
    public int next() {
        Optional<Checked> newest = arcs.stream().max(Comparator.comparingLong(Checked::entry));
        if (newest.isEmpty()) {
            return 0;
        }
        int end = (newest.get().to + 1) % Arc.POINTS;
        // A sample that went over the ring's end stands here as two arcs of one entry.
        boolean goesOn = end == 0 && arcs.getFirst().from == 0 && arcs.getFirst().entry == newest.get().entry;
        return goesOn ? (arcs.getFirst().to + 1) % Arc.POINTS : end;
    }

    /**
     * Which share of the ring was read since an entry of the log, 0 to 1. Clocks have no say in it: those who take backups
     * and those who verify them may have different ones.
     */
    public double shareSince(long entry) {
        return arcs.stream()
                        .filter(arc -> arc.entry >= entry)
                        .mapToLong(arc -> arc.to - arc.from + 1)
                        .sum()
                / (double) Arc.POINTS;
    }

    /** When the oldest of the last readings of every object was; empty if something was never read. */
    public Optional<Instant> wholeSince() {
        long covered = arcs.stream().mapToLong(arc -> arc.to - arc.from + 1).sum();
        return covered < Arc.POINTS
                ? Optional.empty()
                : arcs.stream().map(Checked::time).min(Instant::compareTo);
    }
}
