package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** Where a restore to a transaction, a restore point or a position stops. */
class RecordTargetPlanTest extends PlannerScene {
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
}
