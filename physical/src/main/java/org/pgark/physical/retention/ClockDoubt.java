package org.pgark.physical.retention;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.Timeline;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.care.Hold;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.repository.retention.RetentionPolicy;

/**
 * Looks for signs that a clock was wrong: a stretch of time of which the repository knows nothing, and backups whose order
 * in time is not that of the WAL.
 *
 * <p>Commits, backups and "now" come from the same clock where the server itself runs {@code expire}. If it jumps a year
 * ahead, they all agree that everything older is a year old; what they cannot have is a trace of that year.
 */
final class ClockDoubt {
    /** So much is never doubted: a server that nobody works with for a day is none that lies. */
    private static final Duration LEAST = Duration.ofDays(1);

    /** Of a window that may pass without a trace: the reciprocal. */
    private static final int SHARE = 4;

    /** What may pass without a trace where only the end of a pin depends on it. */
    private static final Duration FOR_PINS = Duration.ofDays(7);

    /** So many distances between backups tell which one is usual. */
    private static final int ENOUGH = 4;

    /** Two hosts that back up one server at a time may differ by so much. */
    private static final Duration SKEW = Duration.ofHours(1);

    private final RetentionPolicy policy;
    private final Instant now;
    private final TreeSet<Instant> traces = new TreeSet<>();
    private final List<Instant> backups;
    private final List<RepositoryWal> archives;

    private ClockDoubt(
            RetentionPolicy policy,
            Instant now,
            List<Instant> proven,
            List<Instant> backups,
            List<RepositoryWal> archives) {
        this.policy = policy;
        this.now = now;
        this.backups = backups.stream().sorted().toList();
        this.archives = archives;
        proven.stream().filter(trace -> !trace.isAfter(now)).forEach(traces::add);
    }

    /**
     * Why windows that end at {@code now} may be too short.
     *
     * @param proven when backups and the last transactions of timelines ended
     * @param backups when backups ended
     * @param holds the pins
     * @param archives in which traces of the time between them are looked for
     */
    static Optional<String> of(
            RetentionPolicy policy,
            Instant now,
            List<Instant> proven,
            List<Instant> backups,
            List<Hold> holds,
            List<RepositoryWal> archives)
            throws IOException {
        ClockDoubt doubt = new ClockDoubt(policy, now, proven, backups, archives);
        Optional<String> inWindow =
                policy.window().isPresent() ? doubt.inWindow(policy.window().get()) : Optional.empty();
        return inWindow.isPresent() ? inWindow : doubt.atEnds(holds);
    }

    /** From the backup with which the window begins, or what there is of it, to now. */
    private Optional<String> inWindow(KeepWindow window) throws IOException {
        Instant begin = window.begin(now, policy.zone());
        Duration most = Duration.between(begin, now).dividedBy(SHARE);
        Instant first = traces.floor(begin);
        return silence(first == null ? traces.first() : first, now, longest(LEAST, most, usualDistance()))
                .map(text -> text + ", which is too much of the window of " + window);
    }

    private static Duration longest(Duration... durations) {
        return Stream.of(durations).max(Comparator.naturalOrder()).orElse(LEAST);
    }

    /** Twice the median of the times from one backup to the next, since nothing else may happen on an idle server. */
    private Duration usualDistance() {
        List<Duration> distances = new ArrayList<>();
        for (int index = 1; index < backups.size(); index++) {
            distances.add(Duration.between(backups.get(index - 1), backups.get(index)));
        }
        distances.sort(Comparator.naturalOrder());
        return distances.size() < ENOUGH
                ? Duration.ZERO
                : distances.get(distances.size() / 2).multipliedBy(2);
    }

    private Optional<String> atEnds(List<Hold> holds) throws IOException {
        for (Hold hold : holds) {
            if (hold.until().isPresent() && !hold.holdsAt(now)) {
                Instant before = traces.lower(hold.until().get());
                Instant after = traces.ceiling(hold.until().get());
                if (before != null) {
                    Optional<String> found = silence(before, after == null ? now : after, FOR_PINS);
                    if (found.isPresent()) {
                        return found.map(text -> text + ", in which a pin ended, on "
                                + hold.until().get());
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> silence(Instant from, Instant to, Duration most) throws IOException {
        Instant last = from;
        List<Instant> open = new ArrayList<>(traces.subSet(from, false, to, false));
        open.add(to);
        while (!open.isEmpty()) {
            Instant next = open.getFirst();
            if (Duration.between(last, next).compareTo(most) > 0) {
                Optional<Instant> between = commitBetween(last, next);
                if (between.isEmpty()) {
                    return Optional.of("nothing is known of the time from " + last + " to " + next);
                }
                open.addFirst(between.get());
            } else {
                last = open.removeFirst();
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> commitBetween(Instant after, Instant before) throws IOException {
        for (RepositoryWal archive : archives) {
            for (Timeline timeline : archive.timelines()) {
                Optional<Instant> found = archive.commitBetween(timeline, after, before);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** Two backups of a timeline of which the later one in the WAL is the earlier one by the clock. */
    static Optional<String> order(List<BackupRecord> backups) {
        Map<Timeline, List<BackupRecord>> byTimeline = new TreeMap<>();
        backups.forEach(backup -> byTimeline
                .computeIfAbsent(backup.wal().stopTimeline(), _ -> new ArrayList<>())
                .add(backup));
        for (List<BackupRecord> of : byTimeline.values()) {
            of.sort(Comparator.comparing(backup -> backup.wal().stopLsn()));
            Optional<BackupRecord> newest = Optional.empty();
            for (BackupRecord backup : of) {
                if (newest.isPresent()
                        && backup.stopTime().isBefore(newest.get().stopTime().minus(SKEW))) {
                    return Optional.of("backup " + backup.id() + " follows backup "
                            + newest.get().id() + " in the WAL, but by its clock (" + backup.stopTime()
                            + ") it is older than that one (" + newest.get().stopTime() + ")");
                }
                if (newest.isEmpty() || backup.stopTime().isAfter(newest.get().stopTime())) {
                    newest = Optional.of(backup);
                }
            }
        }
        return Optional.empty();
    }
}
