package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

class RecoveryPlannerTest {
    private static final Lsn START = new Lsn(3 << 20);

    private final WalWriter wal = new WalWriter(Timeline.FIRST, START);
    private final FakeArchive archive = new FakeArchive();
    private final List<BackupPoint> backups = new ArrayList<>();

    @Test
    void goesToTheEndOfTheArchiveUnlessToldOtherwise() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:01:00Z");
        wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner().plan(RecoveryTarget.LATEST, TimelineChoice.LATEST);

        assertThat(plan.backup().id()).isEqualTo("one");
        assertThat(plan.timeline()).isEqualTo(Timeline.FIRST);
        assertThat(plan.firstSegment()).hasToString("000000010000000000000003");
        assertThat(plan.lastSegment()).hasToString("000000010000000000000004");
        assertThat(plan.segments()).isEqualTo(2);
        assertThat(plan.stop()).hasToString("0/500000");
        assertThat(plan.stopReason())
                .isEqualTo("at the end of the archived WAL, the last transaction in it being that of"
                        + " the commit of transaction 700 at 2026-11-22 10:01:00+00:00");
    }

    @Test
    void stopsAtATimeBeforeTheFirstCommitThatIsLater() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:01:00Z");
        Lsn later = wal.commit(701, "2026-11-22T10:02:00Z");
        wal.commit(702, "2026-11-22T10:03:00Z");
        wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner().plan(time("2026-11-22T10:01:00Z"), TimelineChoice.LATEST);

        assertThat(plan.stop()).isEqualTo(later);
        assertThat(plan.stopReason())
                .isEqualTo("before the commit of transaction 701 at 2026-11-22 10:02:00+00:00 (" + later + ")");
    }

    @Test
    void anExclusiveTimeLeavesOutWhatEndedExactlyThen() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn exactly = wal.commit(700, "2026-11-22T10:01:00Z");
        wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner()
                .plan(
                        new RecoveryTarget.Time(Instant.parse("2026-11-22T10:01:00Z"), ZoneOffset.UTC, true),
                        TimelineChoice.LATEST);

        assertThat(plan.stop()).isEqualTo(exactly);
    }

    @Test
    void anAbortStopsATimeTargetToo() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn abort = wal.abort(700, "2026-11-22T10:02:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner()
                        .plan(time("2026-11-22T10:01:00Z"), TimelineChoice.LATEST)
                        .stopReason())
                .isEqualTo("before the abort of transaction 700 at 2026-11-22 10:02:00+00:00 (" + abort + ")");
    }

    @Test
    void stopsInTheOrderOfTheLogWhereClocksWentBack() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn ahead = wal.commit(700, "2026-11-22T10:09:00Z");
        wal.commit(701, "2026-11-22T10:01:00Z");
        wal.commit(702, "2026-11-22T10:10:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner()
                        .plan(time("2026-11-22T10:05:00Z"), TimelineChoice.LATEST)
                        .stop())
                .isEqualTo(ahead);
    }

    @Test
    void aTimeThatIsExactlyThatOfTheLastTransactionIsReachedThroughItsPosition() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn last = wal.commit(700, "2026-11-22T10:01:00Z");
        wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner().plan(time("2026-11-22T10:01:00Z"), TimelineChoice.LATEST);

        assertThat(plan.setting()).isEqualTo(new RecoveryTarget.AtLsn(last, false));
        assertThat(plan.target()).isEqualTo(time("2026-11-22T10:01:00Z"));
    }

    @Test
    void refusesATimeAfterTheLastTransactionAndPrintsTheWindow() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn stop = backups.getFirst().stop();
        wal.commit(700, "2026-11-22T10:01:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertRefused(time("2026-11-22T10:01:00.000001Z"))
                .hasMessage("time 2026-11-22 10:01:00.000001+00:00 lies after the last transaction in the archive on"
                        + " timeline 1, the commit of transaction 700 at 2026-11-22 10:01:00+00:00")
                .satisfies(e -> assertThat(((RefusedException) e).hint())
                        .contains("The recovery windows are:\n"
                                + "  timeline 1: from 2026-11-22 10:00:00+00:00 (" + stop
                                + ", backup one) to 2026-11-22 10:01:00+00:00 (0/500000)"));
    }

    @Test
    void refusesATimeBeforeTheEndOfTheOldestBackup() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        backup("two", wal, "2026-11-22T11:00:00Z");
        wal.commit(700, "2026-11-22T12:01:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertRefused(time("2026-11-22T09:59:59Z"))
                .hasMessage("time 2026-11-22 09:59:59+00:00 lies before the end of backup \"one\""
                        + " (2026-11-22 10:00:00+00:00, " + backups.getFirst().stop() + ")");
    }

    @Test
    void takesTheNewestBackupThatEndedBeforeTheTarget() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:30:00Z");
        backup("two", wal, "2026-11-22T11:00:00Z");
        wal.commit(701, "2026-11-22T11:30:00Z");
        backup("three", wal, "2026-11-22T12:00:00Z");
        wal.commit(702, "2026-11-22T12:30:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner()
                        .plan(time("2026-11-22T11:45:00Z"), TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("two");
        assertThat(planner()
                        .plan(RecoveryTarget.LATEST, TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("three");
        assertThat(planner()
                        .plan(transaction(700), TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("one");
    }

    @Test
    void aNamedBackupIsTheOnlyOneTried() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:30:00Z");
        backup("two", wal, "2026-11-22T11:00:00Z");
        archive.archive(wal);

        assertThat(planner()
                        .plan(RecoveryTarget.LATEST, TimelineChoice.LATEST, backups.getFirst())
                        .backup()
                        .id())
                .isEqualTo("one");
        assertThatThrownBy(() -> planner().plan(transaction(700), TimelineChoice.LATEST, backups.getLast()))
                .hasMessage("transaction 700 is not in the archived WAL on timeline 1");
    }

    @Test
    void theOrderOfBackupsIsThatOfTheLogNotOfTheClock() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        backup("two", wal, "2026-11-21T10:00:00Z");
        wal.commit(700, "2026-11-22T10:30:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner()
                        .plan(RecoveryTarget.LATEST, TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("two");
    }

    @Test
    void findsACommitThatIsCutByTheEndOfASegment() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.fillUpTo(32);
        Lsn cut = wal.commit(700, "2026-11-22T10:30:00Z");
        wal.commit(701, "2026-11-22T10:31:00Z");
        wal.switchSegment();
        archive.archive(wal);
        assertThat(cut).hasToString("0/4FFFE0");

        RecoveryPlan plan = planner().plan(transaction(700), TimelineChoice.LATEST);
        assertThat(plan.stopReason())
                .isEqualTo("after the commit of transaction 700 at 2026-11-22 10:30:00+00:00 (0/4FFFE0)");
        assertThat(plan.lastSegment()).hasToString("000000010000000000000005");
        assertThat(planner()
                        .plan(time("2026-11-22T10:29:59Z"), TimelineChoice.LATEST)
                        .stop())
                .isEqualTo(cut);
    }

    @Test
    void anExclusiveTransactionStopsBeforeItsCommit() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn commit = wal.commit(700, "2026-11-22T10:30:00Z");
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner()
                        .plan(new RecoveryTarget.AtTransaction(700, true), TimelineChoice.LATEST)
                        .stop())
                .isEqualTo(commit);
    }

    @Test
    void aTransactionThatEndedWhileTheBackupRanIsNotReachedFromIt() throws Exception {
        Lsn start = wal.filler(100);
        wal.commit(700, "2026-11-22T09:59:00Z");
        Lsn stop = wal.filler(100);
        wal.switchSegment();
        archive.archive(wal);
        backups.add(new BackupPoint(
                "one", start, Timeline.FIRST, stop, Timeline.FIRST, Instant.parse("2026-11-22T10:00:00Z")));

        assertRefused(transaction(700))
                .hasMessage("transaction 700 lies before the end of backup \"one\" (2026-11-22 10:00:00+00:00, " + stop
                        + ")");
    }

    @Test
    void aTransactionThatEndedBeforeTheBackupInTheSameSegmentIsNotFound() throws Exception {
        wal.commit(700, "2026-11-22T09:59:00Z");
        backup("one", wal, "2026-11-22T10:00:00Z");
        archive.archive(wal);

        assertRefused(transaction(700)).hasMessage("transaction 700 is not in the archived WAL on timeline 1");
    }

    @Test
    void stopsAfterARestorePoint() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.restorePoint("before_release", "2026-11-22T10:05:00Z");
        Lsn end = wal.position();
        wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner().plan(new RecoveryTarget.Named("before_release"), TimelineChoice.LATEST);

        assertThat(plan.stop()).isEqualTo(end);
        assertRefused(new RecoveryTarget.Named("never"))
                .hasMessage("restore point \"never\" is not in the archived WAL on timeline 1");
    }

    @Test
    void stopsAtAPositionAtTheFirstRecordThatBeginsThereOrLater() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.filler(100);
        Lsn second = wal.filler(100);
        Lsn third = wal.filler(100);
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner()
                        .plan(at(second.plus(8), false), TimelineChoice.LATEST)
                        .stopReason())
                .isEqualTo("after the record (" + third + ")");
        assertThat(planner().plan(at(second, true), TimelineChoice.LATEST).stop())
                .isEqualTo(second);
    }

    @Test
    void aPositionInAWideRecordThatIsCutByASegmentIsReached() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.fillUpTo(64);
        Lsn cut = wal.filler(500);
        wal.switchSegment();
        archive.archive(wal);

        assertThat(planner().plan(at(cut, true), TimelineChoice.LATEST).stop()).isEqualTo(cut);
    }

    @Test
    void theEndOfTheArchiveIsReachedThroughTheLastRecord() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.filler(100);
        Lsn last = wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner().plan(at(wal.position(), false), TimelineChoice.LATEST);

        assertThat(plan.setting()).isEqualTo(at(last, false));
        assertRefused(at(wal.position().plus(8), false))
                .hasMessage("LSN 0/500008 lies after the end of the archived WAL on timeline 1, 0/500000");
    }

    @Test
    void immediateNeedsNoWalAfterTheBackup() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.filler(100);
        wal.switchSegment();
        wal.filler(100);
        wal.switchSegment();
        archive.archive(wal).lose("000000010000000000000004");

        RecoveryPlan plan = planner().plan(RecoveryTarget.IMMEDIATE, TimelineChoice.LATEST);

        assertThat(plan.segments()).isEqualTo(1);
        assertThat(plan.stop()).isEqualTo(backups.getFirst().stop());
    }

    @Test
    void refusesABackupWhoseOwnWalIsMissing() throws Exception {
        Lsn start = wal.filler(100);
        wal.switchSegment();
        wal.filler(100);
        wal.switchSegment();
        Lsn stop = wal.filler(100);
        wal.switchSegment();
        archive.archive(wal).lose("000000010000000000000004");
        backups.add(new BackupPoint(
                "one", start, Timeline.FIRST, stop, Timeline.FIRST, Instant.parse("2026-11-22T10:00:00Z")));

        assertRefused(RecoveryTarget.IMMEDIATE)
                .hasMessage("WAL segment \"000000010000000000000004\" is not in the archive, but is needed to make"
                        + " backup \"one\" consistent")
                .satisfies(e -> assertThat(((RefusedException) e).hint())
                        .contains("No recovery window is open: no backup has all the WAL that it needs."));
    }

    @Test
    void refusesToGoToTheEndAcrossAHoleAndSaysHowToStopBeforeIt() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn last = wal.commit(700, "2026-11-22T10:30:00Z");
        wal.switchSegment();
        wal.commit(701, "2026-11-22T10:31:00Z");
        wal.switchSegment();
        wal.commit(702, "2026-11-22T10:32:00Z");
        wal.switchSegment();
        archive.archive(wal).lose("000000010000000000000005");

        assertRefused(RecoveryTarget.LATEST)
                .hasMessage("WAL segment \"000000010000000000000005\" is not in the archive, although later ones are")
                .satisfies(e -> assertThat(((RefusedException) e).hint().orElseThrow())
                        .startsWith("Bring it into the archive, or go to the end of the WAL before it with --lsn "
                                + last + ".\n"));
        assertRefused(time("2026-11-22T10:31:30Z"))
                .hasMessage("WAL segment \"000000010000000000000005\" is not in the archive, but is needed to reach"
                        + " time 2026-11-22 10:31:30+00:00");
        assertThat(planner().plan(at(last, false), TimelineChoice.LATEST).segments())
                .isEqualTo(2);
        assertThat(planner().windows()).hasSize(1);
    }

    @Test
    void refusesWalThatEndsInTheMiddle() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn commit = wal.commit(700, "2026-11-22T10:30:00Z");
        wal.switchSegment();
        wal.commit(701, "2026-11-22T10:31:00Z");
        wal.switchSegment();
        archive.archive(wal).cutOff("000000010000000000000004", (int) (commit.value() % WalWriter.SIZE.bytes()));

        assertRefused(RecoveryTarget.LATEST)
                .hasMessage(
                        "WAL segment \"000000010000000000000004\" cannot be replayed to its end: valid WAL ends at 0/400000:"
                                + " only zeroes follow");
    }

    @Test
    void doesNotGoBackToAnOlderBackupUnaskedWhereTheEndOfTheWalIsLost() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        backup("two", wal, "2026-11-22T11:00:00Z");
        archive.archive(wal).lose("000000010000000000000004");

        assertRefused(RecoveryTarget.LATEST)
                .hasMessage("WAL segment \"000000010000000000000004\" is not in the archive, but is needed to make"
                        + " backup \"two\" consistent")
                .satisfies(e -> assertThat(((RefusedException) e).hint().orElseThrow())
                        .startsWith("Bring it into the archive, or go only to 0/400000, the end of the WAL before it,"
                                + " with --backup one.\n"));
        assertThat(planner()
                        .plan(RecoveryTarget.LATEST, TimelineChoice.LATEST, backups.getFirst())
                        .stop())
                .hasToString("0/400000");
    }

    @Test
    void theEndOfTheBackupIsReachedWhereNothingIsArchivedBeyondIt() throws Exception {
        Lsn start = wal.filler(100);
        wal.switchSegment();
        archive.archive(wal);
        backups.add(new BackupPoint(
                "one", start, Timeline.FIRST, wal.position(), Timeline.FIRST, Instant.parse("2026-11-22T10:00:00Z")));

        RecoveryPlan plan = planner().plan(at(wal.position(), false), TimelineChoice.LATEST);

        assertThat(plan.setting()).isEqualTo(RecoveryTarget.IMMEDIATE);
        assertThat(plan.stop()).isEqualTo(wal.position());
        assertRefused(at(wal.position().plus(8), false))
                .hasMessage("LSN 0/400008 lies after the end of the archived WAL on timeline 1, 0/400000");
    }

    @Test
    void aHoleMakesTwoWindows() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:30:00Z");
        wal.switchSegment();
        wal.filler(100);
        wal.switchSegment();
        backup("two", wal, "2026-11-22T11:00:00Z");
        wal.commit(701, "2026-11-22T11:30:00Z");
        wal.switchSegment();
        archive.archive(wal).lose("000000010000000000000005");

        assertThat(planner().windows())
                .extracting(RecoveryWindow::firstBackup, RecoveryWindow::toTime)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("one", Instant.parse("2026-11-22T10:30:00Z")),
                        org.assertj.core.groups.Tuple.tuple("two", Instant.parse("2026-11-22T11:30:00Z")));
        assertThat(planner()
                        .plan(time("2026-11-22T10:29:00Z"), TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("one");
    }

    @Test
    void followsTheNewestTimelineThroughItsForkInTheMiddleOfASegment() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:30:00Z");
        Lsn fork = wal.position();
        WalWriter promoted = new WalWriter(new Timeline(2), wal);
        promoted.commit(701, "2026-11-22T11:00:00Z");
        promoted.switchSegment();
        wal.commit(702, "2026-11-22T11:01:00Z");
        wal.switchSegment();
        archive.archive(wal).archive(promoted).history(2, FakeArchive.left(1, fork));

        RecoveryPlan plan = planner().plan(RecoveryTarget.LATEST, TimelineChoice.LATEST);
        assertThat(plan.timeline()).isEqualTo(new Timeline(2));
        assertThat(plan.firstSegment()).hasToString("000000010000000000000003");
        assertThat(plan.lastSegment()).hasToString("000000020000000000000004");

        assertThat(planner().plan(transaction(701), TimelineChoice.LATEST).timeline())
                .isEqualTo(new Timeline(2));
        assertRefused(transaction(702)).hasMessage("transaction 702 is not in the archived WAL on timeline 2");
        assertThat(planner().plan(transaction(702), TimelineChoice.CURRENT).timeline())
                .isEqualTo(Timeline.FIRST);
        assertThat(planner().plan(transaction(702), TimelineChoice.parse("1")).lastSegment())
                .hasToString("000000010000000000000004");
        assertThat(planner().windows())
                .extracting(RecoveryWindow::timeline, RecoveryWindow::toTime)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Timeline.FIRST, Instant.parse("2026-11-22T11:01:00Z")),
                        org.assertj.core.groups.Tuple.tuple(new Timeline(2), Instant.parse("2026-11-22T11:00:00Z")));
    }

    @Test
    void refusesToGoPastAForkWhoseSegmentOnlyTheParentHas() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        wal.commit(700, "2026-11-22T10:30:00Z");
        Lsn fork = wal.position();
        wal.commit(702, "2026-11-22T11:01:00Z");
        wal.switchSegment();
        archive.archive(wal).history(2, FakeArchive.left(1, fork));

        assertRefused(RecoveryTarget.LATEST)
                .hasMessage("WAL segment \"000000020000000000000004\", in which timeline 2 begins, is not in the"
                        + " archive");
        assertRefused(transaction(702)).hasMessage("transaction 702 is not in the archived WAL on timeline 2");
        assertThat(planner().plan(transaction(700), TimelineChoice.LATEST).stop())
                .isEqualTo(fork);
        assertThat(planner().windows()).extracting(RecoveryWindow::toLsn).containsExactly(new Lsn(5 << 20), fork);
    }

    @Test
    void aBackupFromAfterTheForkDoesNotLieOnTheNewTimeline() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        Lsn fork = wal.position();
        WalWriter promoted = new WalWriter(new Timeline(2), wal);
        promoted.commit(701, "2026-11-22T11:00:00Z");
        promoted.switchSegment();
        wal.filler(100);
        wal.switchSegment();
        backup("two", wal, "2026-11-22T12:00:00Z");
        archive.archive(wal).archive(promoted).history(2, FakeArchive.left(1, fork));

        assertThat(planner()
                        .plan(RecoveryTarget.LATEST, TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("one");
        assertThatThrownBy(() -> planner().plan(RecoveryTarget.LATEST, TimelineChoice.parse("2"), backups.getLast()))
                .hasMessage("timeline 2 cannot be reached from backup \"two\", which ended at "
                        + backups.getLast().stop() + " on timeline 1");
        assertThat(planner()
                        .plan(RecoveryTarget.LATEST, TimelineChoice.LATEST, backups.getLast())
                        .notices())
                .containsExactly("timeline 2 cannot be reached from backup \"two\", which ended at "
                        + backups.getLast().stop() + " on timeline 1, so it is not followed");
    }

    @Test
    void saysWhenANewerTimelineComesFromBeforeAllBackups() throws Exception {
        Lsn fork = wal.filler(100);
        WalWriter other = new WalWriter(new Timeline(2), wal);
        other.filler(100);
        other.switchSegment();
        backup("one", wal, "2026-11-22T10:00:00Z");
        backup("two", wal, "2026-11-22T11:00:00Z");
        archive.archive(wal).archive(other).history(2, FakeArchive.left(1, fork));

        RecoveryPlan plan = planner().plan(RecoveryTarget.LATEST, TimelineChoice.LATEST);

        assertThat(plan.timeline()).isEqualTo(Timeline.FIRST);
        assertThat(plan.notices())
                .containsExactly("timeline 2 cannot be reached from any backup, so it is not followed");
    }

    @Test
    void refusesATimelineThatIsNotThere() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        archive.archive(wal);

        assertThatThrownBy(() -> planner().plan(RecoveryTarget.LATEST, TimelineChoice.parse("7")))
                .isInstanceOf(RefusedException.class)
                .hasMessage("timeline 7 is not in the archive of cluster \"main\"");
    }

    @Test
    void refusesAClusterWithoutBackups() {
        assertRefused(RecoveryTarget.LATEST).hasMessage("cluster \"main\" has no backup");
    }

    private void backup(String id, WalWriter log, String time) {
        Lsn start = log.filler(100);
        Lsn stop = log.filler(100);
        log.switchSegment();
        backups.add(new BackupPoint(id, start, log.timeline(), stop, log.timeline(), Instant.parse(time)));
    }

    private RecoveryPlanner planner() {
        return new RecoveryPlanner("main", backups, archive, ZoneOffset.UTC);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(RecoveryTarget target) {
        return assertThatThrownBy(() -> planner().plan(target, TimelineChoice.LATEST))
                .isInstanceOf(RefusedException.class);
    }

    private static RecoveryTarget.Time time(String text) {
        return new RecoveryTarget.Time(Instant.parse(text), ZoneOffset.UTC, false);
    }

    private static RecoveryTarget transaction(int xid) {
        return new RecoveryTarget.AtTransaction(xid, false);
    }

    private static RecoveryTarget at(Lsn lsn, boolean exclusive) {
        return new RecoveryTarget.AtLsn(lsn, exclusive);
    }
}
