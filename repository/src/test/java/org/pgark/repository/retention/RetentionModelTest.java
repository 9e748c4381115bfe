package org.pgark.repository.retention;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;

/**
 * Random histories beside a model that is slow and obviously right: it tries for every commit whether it can be recovered
 * by going segment by segment from every backup, before and after.
 */
class RetentionModelTest {
    private static final int HISTORIES = 400;

    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("Pacific/Auckland"));

    private final ExpiredWal[] expired = {ExpiredWal.NONE};
    private RandomTimelines history = new RandomTimelines(new Random(0));
    private Map<Timeline, TreeMap<Long, Instant>> before = Map.of();
    private Map<Timeline, TreeMap<Long, Instant>> after = Map.of();
    private Set<Candidate> kept = Set.of();
    private long goneBackups;
    private long goneSegments;

    @Test
    void neverKeepsLessThanTheModelAndNeverAWindowWithAHole() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            history = new RandomTimelines(random);
            before = history.segments;
            expired[0] = ExpiredWal.NONE;
            // Twice, since what the first run deletes is what the second finds.
            expire(random, seed);
            history.backups.retainAll(kept);
            history.segments.clear();
            history.segments.putAll(after);
            before = after;
            expire(random, seed);
        }
        assertThat(goneBackups).isGreaterThan(10L * HISTORIES / 2);
        assertThat(goneSegments).isGreaterThan(10L * HISTORIES / 2);
    }

    private void expire(Random random, int seed) {
        RetentionPolicy policy = policy(random);
        Instant clock =
                random.nextInt(4) == 0 ? history.time.minus(Duration.ofDays(random.nextInt(300))) : history.time;
        List<Branch> branches = history.branches();
        List<Fate> fates = RetentionDecision.decide(policy, history.backups, branches, clock);
        kept = new HashSet<>(fates.stream().filter(Fate::kept).map(Fate::backup).toList());
        Map<Timeline, Long> newest = new HashMap<>();
        branches.forEach(branch -> newest.put(branch.history().timeline(), branch.newest()));
        expired[0] = expired[0].without(WalNeeds.of("i", fates, branches, RandomTimelines.SIZE), newest);
        after = new HashMap<>();
        before.forEach((timeline, segments) -> {
            TreeMap<Long, Instant> left = new TreeMap<>(segments);
            left.keySet().removeIf(number -> expired[0].contains(timeline, number));
            after.put(timeline, left);
            goneSegments += segments.size() - left.size();
        });
        goneBackups += history.backups.size() - kept.size();
        check(policy, clock, "history " + seed + ", " + policy + " at " + clock);
    }

    private static RetentionPolicy policy(Random random) {
        boolean calendar = random.nextInt(3) == 0;
        return new RetentionPolicy(
                random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 0,
                random.nextInt(2) == 0
                        ? Optional.of(new KeepWindow(1 + random.nextInt(60), ChronoUnit.DAYS))
                        : Optional.empty(),
                calendar
                        ? new RetentionPolicy.CalendarRules(
                                random.nextInt(7), random.nextInt(5), random.nextInt(6), random.nextInt(3))
                        : RetentionPolicy.CalendarRules.NONE,
                ZONES.get(random.nextInt(ZONES.size())),
                1 + random.nextInt(2));
    }

    private void check(RetentionPolicy policy, Instant now, String what) {
        List<Candidate> counting = history.backups.stream()
                .filter(Candidate::counts)
                .sorted(Comparator.comparing(Candidate::time))
                .toList();
        for (Candidate backup : history.backups) {
            boolean held = backup.pin().isPresent() || !backup.reader().isEmpty();
            if (policy.isEmpty() || held) {
                assertThat(kept).as(what).contains(backup);
            }
            if (held && !backup.archival() && backup.unusable().equals("damaged")) {
                keepsItsInstants(backup, what);
            }
            if (kept.contains(backup) && backup.unusable().isEmpty()) {
                assertThat(recovers(backup, backup.timeline(), backup.wal().last(), after))
                        .as("%s: WAL of %s", what, backup)
                        .isTrue();
            }
        }
        if (policy.isEmpty()) {
            return;
        }
        List<Candidate> last = newest(counting, policy.last());
        assertThat(kept).as(what).containsAll(last).containsAll(newest(counting, policy.minimum()));
        Set<Candidate> begins = new HashSet<>(last);
        for (TimelineHistory way : history.histories.values()) {
            begins.addAll(newestAlong(way, counting, policy.last(), what));
            begins.addAll(newestAlong(way, counting, policy.minimum(), what));
        }
        if (counting.isEmpty()) {
            assertThat(kept).as(what).hasSize(history.backups.size());
        }
        periods(counting, policy, what);
        for (Candidate backup : counting) {
            boolean all = begins.contains(backup) || backup.pin().isPresent();
            checkInstants(
                    backup,
                    all
                            ? Instant.MIN
                            : policy.window()
                                    .map(w -> w.begin(now, policy.zone()))
                                    .orElse(Instant.MAX),
                    what);
        }
    }

    /** The newest backups from which the end of a timeline can be reached, if it is one that nobody went on from. */
    private List<Candidate> newestAlong(TimelineHistory way, List<Candidate> counting, int number, String what) {
        TreeMap<Long, Instant> own = requireNonNull(before.get(way.timeline()));
        if (number == 0 || counting.isEmpty() || own.isEmpty() || isPast(way.timeline(), own.lastKey())) {
            return List.of();
        }
        List<Candidate> of = newest(counting, number);
        Instant oldest = of.getLast().time();
        Instant end = own.values().stream().max(Instant::compareTo).orElseThrow();
        if (end.isBefore(oldest.minus(Duration.ofDays(7)))) {
            return List.of();
        }
        List<Candidate> along = newest(
                counting.stream()
                        .filter(backup -> way.contains(backup.timeline(), backup.stop()))
                        .toList(),
                number);
        assertThat(kept).as("%s: along timeline %s", what, way.timeline()).containsAll(along);
        return along;
    }

    private boolean isPast(Timeline timeline, long newest) {
        return history.histories.values().stream()
                .flatMap(other -> other.switchPointOf(timeline).stream())
                .anyMatch(fork -> newest <= fork.value() / RandomTimelines.SIZE.bytes());
    }

    private void keepsItsInstants(Candidate backup, String what) {
        for (TimelineHistory way : history.histories.values()) {
            for (long number : requireNonNull(before.get(way.timeline())).keySet()) {
                if (recovers(backup, way.timeline(), number, before)) {
                    assertThat(recovers(backup, way.timeline(), number, after))
                            .as("%s: WAL since %s", what, backup)
                            .isTrue();
                }
            }
        }
    }

    /** Each commit since {@code from} that was recoverable from the backup is still, from it or from another one. */
    private void checkInstants(Candidate backup, Instant from, String what) {
        for (TimelineHistory way : history.histories.values()) {
            for (Map.Entry<Long, Instant> commit :
                    requireNonNull(before.get(way.timeline())).entrySet()) {
                long number = commit.getKey();
                if (commit.getValue().isBefore(from) || !recovers(backup, way.timeline(), number, before)) {
                    continue;
                }
                boolean still = history.backups.stream()
                        .filter(kept::contains)
                        .filter(Candidate::counts)
                        .anyMatch(other -> recovers(other, way.timeline(), number, after));
                assertThat(still)
                        .as(
                                "%s: commit of %s in segment %s of timeline %s, with %s",
                                what, commit.getValue(), number, way.timeline(), backup)
                        .isTrue();
            }
        }
    }

    /** Goes from the backup's first segment to the commit's, each on the newest timeline that had begun by then. */
    private boolean recovers(
            Candidate backup, Timeline timeline, long to, Map<Timeline, ? extends Map<Long, Instant>> wal) {
        TimelineHistory way = requireNonNull(history.histories.get(timeline));
        if (!way.contains(backup.timeline(), backup.stop()) || to < backup.wal().last()) {
            return false;
        }
        for (long number = backup.wal().first(); number <= to; number++) {
            Timeline at = Timeline.FIRST;
            for (Timeline member : way.chain()) {
                Lsn begin = way.beginOf(member).orElseThrow();
                if (begin.value() / RandomTimelines.SIZE.bytes() <= number) {
                    at = member;
                }
            }
            if (!RandomTimelines.has(wal, at, number)) {
                return false;
            }
        }
        return true;
    }

    private static List<Candidate> newest(List<Candidate> oldestFirst, int number) {
        return oldestFirst.reversed().stream().limit(number).toList();
    }

    private void periods(List<Candidate> counting, RetentionPolicy policy, String what) {
        period(counting, policy.calendar().days(), date -> date, policy, what);
        period(
                counting,
                policy.calendar().weeks(),
                date -> date.minusDays(date.getDayOfWeek().getValue() - 1L),
                policy,
                what);
        period(counting, policy.calendar().months(), date -> date.withDayOfMonth(1), policy, what);
        period(counting, policy.calendar().years(), date -> date.withDayOfYear(1), policy, what);
    }

    private void period(
            List<Candidate> counting,
            int number,
            Function<LocalDate, LocalDate> begin,
            RetentionPolicy policy,
            String what) {
        TreeMap<LocalDate, List<Candidate>> byPeriod = new TreeMap<>(Comparator.reverseOrder());
        for (Candidate backup : counting) {
            LocalDate date = LocalDate.ofInstant(backup.time(), policy.zone());
            byPeriod.computeIfAbsent(begin.apply(date), _ -> new ArrayList<>()).add(backup);
        }
        byPeriod.values().stream()
                .limit(number)
                .forEach(of -> assertThat(kept).as(what).contains(of.getLast()));
    }
}
