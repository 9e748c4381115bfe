package org.pgark.repository.retention;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * A backup on Monday and one on Tuesday at 2, on timeline 1; on Tuesday at 10 the cluster is restored to Monday 15 o'clock,
 * which begins timeline 2, and archives there before it is backed up.
 */
class ForkedRetentionTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(16 << 20);
    private static final Timeline TWO = new Timeline(2);
    private static final long FORK = 20;

    private static final Candidate MONDAY = backup("monday", "2026-11-23T02:00:00Z", Timeline.FIRST, 10, "");
    private static final Candidate TUESDAY = backup("tuesday", "2026-11-24T02:00:00Z", Timeline.FIRST, 30, "");

    private static Candidate backup(String id, String time, Timeline timeline, long number, String reader) {
        return new Candidate(
                id,
                "one",
                timeline,
                new Lsn(number * SIZE.bytes() + 100),
                Instant.parse(time),
                new Candidate.WalNumbers(timeline, number, number),
                "",
                Optional.empty(),
                false,
                reader);
    }

    private static Candidate damaged(Candidate backup, Optional<String> pin, String reader) {
        return new Candidate(
                backup.id(),
                backup.incarnation(),
                backup.timeline(),
                backup.stop(),
                backup.time(),
                backup.wal(),
                "damaged",
                pin,
                false,
                reader);
    }

    private static List<Branch> branches(String lastOnOne, String lastOnTwo) {
        TimelineHistory.Entry fork =
                new TimelineHistory.Entry(Timeline.FIRST, new Lsn(FORK * SIZE.bytes() + 50), "restored");
        return List.of(
                new Branch(
                        "one",
                        TimelineHistory.withoutAncestors(Timeline.FIRST),
                        Optional.of(Instant.parse(lastOnOne)),
                        40,
                        SIZE),
                new Branch(
                        "one",
                        new TimelineHistory(TWO, List.of(fork)),
                        Optional.of(Instant.parse(lastOnTwo)),
                        50,
                        SIZE));
    }

    private static RetentionPolicy policy(int last, int daily, int minimum) {
        return new RetentionPolicy(
                last, Optional.empty(), new RetentionPolicy.CalendarRules(daily, 0, 0, 0), ZoneId.of("UTC"), minimum);
    }

    private static List<String> kept(List<Fate> fates) {
        return fates.stream().filter(Fate::kept).map(fate -> fate.backup().id()).toList();
    }

    @Test
    void theLastBackupBeforeTheForkStaysWithItsWalUntilTheNewTimelineHasOne() {
        List<Branch> branches = branches("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z");
        for (RetentionPolicy policy : List.of(policy(1, 0, 1), policy(0, 1, 1))) {
            List<Fate> fates = RetentionDecision.decide(
                    policy, List.of(MONDAY, TUESDAY), branches, Instant.parse("2026-11-24T12:00:00Z"));

            assertThat(kept(fates)).containsExactly("monday", "tuesday");
            Map<Timeline, NumberRanges> needed = WalNeeds.of("one", fates, branches, SIZE);
            for (long number = 10; number <= FORK; number++) {
                assertThat(requireNonNull(needed.get(Timeline.FIRST)).contains(number))
                        .isTrue();
            }
            assertThat(requireNonNull(needed.get(TWO)).contains(FORK)).isTrue();
        }
    }

    @Test
    void eachLivingTimelineHasItsOwnLastBackups() {
        Candidate sunday = backup("sunday", "2026-11-22T02:00:00Z", Timeline.FIRST, 5, "");
        Candidate saturday = backup("saturday", "2026-11-21T02:00:00Z", Timeline.FIRST, 3, "");
        Candidate noon = backup("noon", "2026-11-24T12:00:00Z", TWO, 45, "");

        List<Fate> fates = RetentionDecision.decide(
                policy(2, 0, 1),
                List.of(saturday, sunday, MONDAY, TUESDAY, noon),
                branches("2026-11-24T10:00:00Z", "2026-11-24T13:00:00Z"),
                Instant.parse("2026-11-24T13:00:00Z"));

        assertThat(kept(fates)).containsExactly("monday", "tuesday", "noon");
    }

    @Test
    void anAbandonedTimelineIsLetGoAfterAWeekOfSilence() {
        Candidate later = backup("later", "2026-12-02T02:00:00Z", TWO, 45, "");

        List<Fate> fates = RetentionDecision.decide(
                policy(1, 0, 1),
                List.of(MONDAY, TUESDAY, later),
                branches("2026-11-24T10:00:00Z", "2026-12-02T03:00:00Z"),
                Instant.parse("2026-12-02T03:00:00Z"));

        assertThat(kept(fates)).containsExactly("later");
    }

    @Test
    void theLastOfADayOnATimelineThatWasLeftTakesNoOtherOnesPlace() {
        Candidate evening = backup("evening", "2026-11-23T20:00:00Z", Timeline.FIRST, 25, "");
        Candidate noon = backup("noon", "2026-11-24T12:00:00Z", TWO, 45, "");

        List<Fate> fates = RetentionDecision.decide(
                policy(0, 2, 1),
                List.of(MONDAY, evening, TUESDAY, noon),
                branches("2026-11-24T10:00:00Z", "2026-11-24T13:00:00Z"),
                Instant.parse("2026-11-24T13:00:00Z"));

        assertThat(kept(fates)).contains("monday", "noon");
    }

    @Test
    void damageDoesNotTakeTheLaterWalOfAPinnedOrAReadBackup() {
        List<Branch> branches = branches("2026-11-24T10:00:00Z", "2026-11-20T11:00:00Z");
        for (Candidate held :
                List.of(damaged(MONDAY, Optional.of("pinned"), ""), damaged(MONDAY, Optional.empty(), "a restore"))) {
            List<Fate> fates = RetentionDecision.decide(
                    policy(1, 0, 1), List.of(held, TUESDAY), branches, Instant.parse("2026-11-24T12:00:00Z"));

            Map<Timeline, NumberRanges> needed = WalNeeds.of("one", fates, branches, SIZE);
            assertThat(requireNonNull(needed.get(Timeline.FIRST)).contains(FORK))
                    .isTrue();
        }
    }
}
