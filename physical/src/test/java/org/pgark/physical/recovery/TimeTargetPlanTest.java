package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;

/** Which WAL a restore to a time needs, and where it stops. */
class TimeTargetPlanTest extends PlannerScene {
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
}
