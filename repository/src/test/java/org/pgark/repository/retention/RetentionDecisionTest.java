package org.pgark.repository.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentSize;

/** What each rule keeps of a backup a day, of which the last was taken on 25 November. */
class RetentionDecisionTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private static final WalSegmentSize SIZE = new WalSegmentSize(16 << 20);

    private final List<Candidate> backups = new ArrayList<>();

    private void daily(int days) {
        for (int day = days - 1; day >= 0; day--) {
            backups.add(backup(NOW.minusSeconds(36_000 + day * 86_400L), day, ""));
        }
    }

    private static Candidate backup(Instant time, int day, String unusable) {
        long number = 1000L - day;
        return new Candidate(
                time.toString().substring(0, 10),
                "one",
                Timeline.FIRST,
                new Lsn(number << 24),
                time,
                new Candidate.WalNumbers(Timeline.FIRST, number, number),
                unusable,
                Optional.empty(),
                false,
                "");
    }

    private List<String> kept(RetentionPolicy policy) {
        Branch branch =
                new Branch("one", TimelineHistory.withoutAncestors(Timeline.FIRST), Optional.of(NOW), 2000, SIZE);
        return RetentionDecision.decide(policy, backups, List.of(branch), NOW).stream()
                .filter(Fate::kept)
                .map(fate -> fate.backup().id() + ": "
                        + String.join(
                                ", ",
                                fate.reasons().stream().map(KeepReason::text).toList()))
                .toList();
    }

    private static RetentionPolicy policy(int last, String window, int days, int weeks, int months, int years) {
        return new RetentionPolicy(
                last,
                window.isEmpty() ? Optional.empty() : Optional.of(KeepWindow.parse(window)),
                new RetentionPolicy.CalendarRules(days, weeks, months, years),
                ZoneId.of("Europe/Berlin"),
                1);
    }

    @Test
    void keepsEverythingWithoutAPolicy() {
        daily(3);
        assertThat(kept(RetentionPolicy.NONE))
                .containsExactly(
                        "2026-11-24: no policy is configured",
                        "2026-11-25: no policy is configured",
                        "2026-11-26: no policy is configured");
    }

    @Test
    void keepsTheLast() {
        daily(10);
        assertThat(kept(policy(2, "", 0, 0, 0, 0)))
                .containsExactly("2026-11-25: of the last 2", "2026-11-26: of the last 2, of the minimum of 1");
    }

    @Test
    void aWindowBeginsWithTheBackupBeforeItsFirstInstant() {
        daily(10);
        assertThat(kept(policy(0, "2 days", 0, 0, 0, 0)))
                .containsExactly(
                        "2026-11-24: the window of 2 days begins with it",
                        "2026-11-25: in the window of 2 days",
                        "2026-11-26: in the window of 2 days, of the minimum of 1");
    }

    @Test
    void aDamagedBackupDoesNotBeginAWindow() {
        daily(5);
        backups.set(2, backup(backups.get(2).time(), 2, "damaged"));
        assertThat(kept(policy(0, "2 days", 0, 0, 0, 0)))
                .containsExactly(
                        "2026-11-23: the window of 2 days begins with it",
                        "2026-11-24: damaged; goes when the recovery window begins after it",
                        "2026-11-25: in the window of 2 days",
                        "2026-11-26: in the window of 2 days, of the minimum of 1");
    }

    @Test
    void theLastUndamagedBackupStays() {
        daily(4);
        for (int index = 1; index < 4; index++) {
            backups.set(index, backup(backups.get(index).time(), 3 - index, "damaged"));
        }
        assertThat(kept(policy(1, "", 0, 0, 0, 0)))
                .hasSize(4)
                .first()
                .isEqualTo("2026-11-23: of the last 1, of the minimum of 1");
    }

    @Test
    void keepsTheLastBackupOfDaysWeeksMonthsAndYearsThatHaveOne() {
        daily(400);
        assertThat(kept(policy(0, "", 2, 2, 3, 2)))
                .containsExactly(
                        "2025-12-31: yearly 2025",
                        "2026-09-30: monthly 2026-09",
                        "2026-10-31: monthly 2026-10",
                        "2026-11-22: weekly 2026-W47",
                        "2026-11-25: daily 2026-11-25",
                        "2026-11-26: daily 2026-11-26, weekly 2026-W48, monthly 2026-11, yearly 2026, of the minimum"
                                + " of 1");
    }

    @Test
    void aWindowIsReadInWords() {
        assertThat(KeepWindow.parse("4 weeks")).hasToString("4 weeks");
        assertThat(KeepWindow.parse("30d")).hasToString("30 days");
        assertThat(KeepWindow.parse("90 minutes")).hasToString("90 minutes");
        assertThat(KeepWindow.parse("1 month").begin(Instant.parse("2026-03-31T12:00:00Z"), ZoneId.of("UTC")))
                .isEqualTo("2026-02-28T12:00:00Z");
    }
}
