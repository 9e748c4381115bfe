package org.pgark.repository.retention;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentSize;

/** Some years of a cluster that is switched over, restored, and badly looked after. One commit fills each segment. */
final class RandomTimelines {
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

    final List<Candidate> backups = new ArrayList<>();
    final Map<Timeline, TimelineHistory> histories = new TreeMap<>();
    /** When the commit of each segment ended. */
    final Map<Timeline, TreeMap<Long, Instant>> segments = new HashMap<>();

    private final Random random;
    private Timeline current = Timeline.FIRST;
    private long position = 1;
    Instant time = BEGIN;

    RandomTimelines(Random random) {
        this.random = random;
        histories.put(current, TimelineHistory.withoutAncestors(current));
        segments.put(current, new TreeMap<>());
        int steps = 20 + random.nextInt(60);
        for (int step = 0; step < steps; step++) {
            time = time.plus(Duration.ofHours(1 + random.nextInt(random.nextInt(10) == 0 ? 2000 : 60)));
            step();
        }
        dropSomeWal();
        judge();
    }

    private void step() {
        int dice = random.nextInt(20);
        if (dice == 0) {
            fork(current, position);
        } else if (dice == 1) {
            goBack();
        } else if (dice < 8) {
            backup();
        } else {
            for (int rest = 1 + random.nextInt(3); rest > 0; rest--) {
                write();
            }
        }
    }

    private void write() {
        requireNonNull(segments.get(current)).put(position, time);
        position++;
        time = time.plusSeconds(60);
    }

    private void backup() {
        long first = position;
        for (int rest = 1 + random.nextInt(2); rest > 0; rest--) {
            write();
        }
        time = time.plusSeconds(60);
        Optional<String> pin = random.nextInt(12) == 0 ? Optional.of("pinned") : Optional.empty();
        backups.add(new Candidate(
                "b" + backups.size(),
                "i",
                current,
                new Lsn((position - 1) * SIZE.bytes() + 100),
                time,
                new Candidate.WalNumbers(current, first, position - 1),
                random.nextInt(10) == 0 ? "damaged" : "",
                pin,
                pin.isPresent() && random.nextBoolean(),
                random.nextInt(30) == 0 ? "a restore" : ""));
        write();
    }

    private void goBack() {
        List<Timeline> all = List.copyOf(histories.keySet());
        Timeline from = all.get(random.nextInt(all.size()));
        TreeMap<Long, Instant> there = requireNonNull(segments.get(from));
        if (!there.isEmpty()) {
            fork(from, there.firstKey() + random.nextLong(there.lastKey() - there.firstKey() + 1));
        }
    }

    /** The new timeline begins inside the segment, which both have. */
    private void fork(Timeline parent, long at) {
        Timeline next = new Timeline(histories.size() + 1);
        List<TimelineHistory.Entry> entries =
                new ArrayList<>(requireNonNull(histories.get(parent)).entries());
        entries.add(new TimelineHistory.Entry(parent, new Lsn(at * SIZE.bytes() + 50), ""));
        histories.put(next, new TimelineHistory(next, entries));
        segments.put(next, new TreeMap<>());
        current = next;
        position = at;
    }

    private void dropSomeWal() {
        for (TreeMap<Long, Instant> of : segments.values()) {
            of.keySet().removeIf(_ -> random.nextInt(40) == 0);
        }
    }

    private void judge() {
        backups.replaceAll(backup ->
                LongStream.rangeClosed(backup.wal().first(), backup.wal().last())
                                .allMatch(number -> has(segments, backup.timeline(), number))
                        ? backup
                        : new Candidate(
                                backup.id(),
                                backup.incarnation(),
                                backup.timeline(),
                                backup.stop(),
                                backup.time(),
                                backup.wal(),
                                "WAL is missing",
                                backup.pin(),
                                backup.archival(),
                                backup.reader()));
    }

    static boolean has(Map<Timeline, ? extends Map<Long, Instant>> wal, Timeline timeline, long number) {
        return requireNonNull(wal.get(timeline)).containsKey(number);
    }

    List<Branch> branches() {
        return histories.values().stream()
                .map(history -> {
                    TreeMap<Long, Instant> own = requireNonNull(segments.get(history.timeline()));
                    return new Branch(
                            "i",
                            history,
                            own.values().stream().max(Instant::compareTo),
                            own.isEmpty() ? -1 : own.lastKey(),
                            SIZE);
                })
                .toList();
    }
}
