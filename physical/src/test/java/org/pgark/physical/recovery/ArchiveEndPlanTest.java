package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** How far a restore can go, and what holes in the archive mean for it. */
class ArchiveEndPlanTest extends PlannerScene {
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
    void refusesToGoOnIntoSegmentsOfAnotherHistory() throws Exception {
        backup("one", wal, "2026-11-22T10:00:00Z");
        WalWriter other = new WalWriter(Timeline.FIRST, wal);
        wal.fillUpTo(40);
        wal.commit(700, "2026-11-22T10:01:00Z");
        other.fillUpTo(200);
        other.filler(1000);
        other.commit(701, "2026-11-22T10:02:00Z");
        other.switchSegment();
        archive.archive(wal).archive(other);
        archive.archive(wal);

        assertRefused(RecoveryTarget.LATEST)
                .hasMessageContaining("WAL segment \"000000010000000000000004\" cannot be replayed to its end")
                .hasMessageContaining("segment \"000000010000000000000005\" is of another history");
        assertRefused(transaction(701)).hasMessageContaining("is of another history");
        assertThat(planner()
                        .plan(RecoveryTarget.IMMEDIATE, TimelineChoice.LATEST)
                        .backup()
                        .id())
                .isEqualTo("one");
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
                .hasMessage("WAL segment \"000000010000000000000004\" cannot be replayed to its end: valid WAL ends at"
                        + " 0/400000: only zeroes follow");
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
}
