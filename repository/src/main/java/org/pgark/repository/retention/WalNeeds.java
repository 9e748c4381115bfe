package org.pgark.repository.retention;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentSize;

/** Finds out which WAL segments of one incarnation the kept backups need. */
public final class WalNeeds {
    private final List<Fate> kept;
    private final List<Branch> branches;
    private final WalSegmentSize size;
    private final Optional<Instant> oldest;
    private final Map<Timeline, List<NumberRanges.Range>> needed = new HashMap<>();

    private WalNeeds(List<Fate> fates, List<Branch> branches, WalSegmentSize size, Optional<Instant> oldest) {
        this.kept = fates.stream().filter(Fate::kept).toList();
        this.branches = branches;
        this.size = size;
        this.oldest = oldest;
    }

    /**
     * The segments to keep of each timeline of an incarnation.
     *
     * @param incarnation which one
     * @param fates of all backups of the cluster, of all incarnations
     * @param branches of all incarnations
     */
    public static Map<Timeline, NumberRanges> of(
            String incarnation, List<Fate> fates, List<Branch> branches, WalSegmentSize size) {
        Optional<Instant> oldest = fates.stream()
                .filter(Fate::keepsLaterWal)
                .map(fate -> fate.backup().time())
                .min(Comparator.naturalOrder());
        return new WalNeeds(
                        fates.stream()
                                .filter(fate -> fate.backup().incarnation().equals(incarnation))
                                .toList(),
                        branches.stream()
                                .filter(branch -> branch.incarnation().equals(incarnation))
                                .toList(),
                        size,
                        oldest)
                .all();
    }

    private Map<Timeline, NumberRanges> all() {
        for (Fate fate : kept) {
            addConsistency(fate.backup());
            if (fate.keepsLaterWal()) {
                branches.stream()
                        .filter(branch -> branch.carries(fate.backup()))
                        .forEach(branch -> addLater(fate.backup(), branch));
            }
        }
        branches.stream()
                .filter(this::mustStayWhole)
                .forEach(branch -> add(branch.history().timeline(), 0, NumberRanges.OPEN));
        return branches.stream()
                .map(branch -> branch.history().timeline())
                .distinct()
                .collect(Collectors.toMap(
                        timeline -> timeline, timeline -> NumberRanges.of(needed.getOrDefault(timeline, List.of()))));
    }

    private void add(Timeline timeline, long first, long last) {
        if (first <= last) {
            needed.computeIfAbsent(timeline, _ -> new ArrayList<>()).add(new NumberRanges.Range(first, last));
        }
    }

    /** The same numbers of every timeline that the backup may have gone along: its own copy of a segment may be missing. */
    private void addConsistency(Candidate backup) {
        Set<Timeline> timelines =
                new TreeSet<>(List.of(backup.timeline(), backup.wal().startTimeline()));
        branches.stream()
                .filter(branch -> branch.history().timeline().equals(backup.timeline()))
                .forEach(branch -> timelines.addAll(branch.history().chain()));
        timelines.forEach(
                timeline -> add(timeline, backup.wal().first(), backup.wal().last()));
    }

    /** All of a timeline since the backup, and of its ancestors what lies before they were left. */
    private void addLater(Candidate backup, Branch branch) {
        for (Timeline timeline : branch.history().chain()) {
            long last =
                    branch.history().switchPointOf(timeline).map(this::numberOf).orElse(NumberRanges.OPEN);
            add(timeline, backup.wal().first(), last);
        }
    }

    private long numberOf(Lsn position) {
        return Long.divideUnsigned(position.value(), size.bytes());
    }

    /**
     * WAL from which no kept backup can be recovered is kept while it may be young: perhaps just its history is missing.
     */
    private boolean mustStayWhole(Branch branch) {
        boolean carriesOne = kept.stream().anyMatch(fate -> fate.keepsLaterWal() && branch.carries(fate.backup()));
        boolean old = oldest.isPresent()
                && branch.lastTime().filter(time -> time.isBefore(oldest.get())).isPresent();
        return !carriesOne && !old;
    }
}
