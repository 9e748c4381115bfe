package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;

/** Backups of standbys, which have the end of their WAL themselves. */
class CarriedWalPlanTest extends PlannerScene {
    private static final String THIRD = "000000010000000000000003";
    private static final String FOURTH = "000000010000000000000004";

    /** Begins in the third segment and ends in the fourth, which goes on. */
    private BackupPoint standbyBackup(String carriedFrom) {
        Lsn start = wal.filler(100);
        wal.commit(700, "2026-11-22T09:59:00Z");
        wal.switchSegment();
        Lsn last = wal.filler(100);
        Lsn stop = wal.position();
        BackupPoint backup = new BackupPoint(
                "one",
                start,
                Timeline.FIRST,
                stop,
                Timeline.FIRST,
                Instant.parse("2026-11-22T09:59:00Z"),
                Optional.of(last),
                Optional.of(WalSegmentName.parse(carriedFrom)));
        backups.add(backup);
        return backup;
    }

    @Test
    void itsEndIsReachedWithNothingInTheArchive() throws Exception {
        BackupPoint backup = standbyBackup(THIRD);

        for (RecoveryTarget target :
                new RecoveryTarget[] {RecoveryTarget.IMMEDIATE, RecoveryTarget.LATEST, at(backup.stop(), false)}) {
            RecoveryPlan plan = planner().plan(target, TimelineChoice.LATEST);
            assertThat(plan.stop()).isEqualTo(backup.stop());
            assertThat(plan.segments()).isEqualTo(2);
            assertThat(plan.lastSegment()).hasToString(FOURTH);
        }
        assertThat(planner().plan(RecoveryTarget.LATEST, TimelineChoice.LATEST).stopReason())
                .isEqualTo("at the end of the WAL, which is in the backup");
        assertThat(planner()
                        .plan(RecoveryTarget.IMMEDIATE, TimelineChoice.LATEST)
                        .setting())
                .isEqualTo(at(backup.lastRecord().orElseThrow(), false));
        assertThat(planner().windows())
                .containsExactly(new RecoveryWindow(
                        Timeline.FIRST, "one", backup.stopTime(), backup.stop(), backup.stopTime(), backup.stop()));
        assertRefused(time("2026-11-22T10:00:00Z"))
                .hasMessage(
                        "time 2026-11-22 10:00:00+00:00 lies after the last transaction in the archive on timeline 1");
        assertRefused(at(backup.stop().plus(8), false))
                .hasMessageStartingWith("LSN " + backup.stop().plus(8) + " lies after the end of the archived WAL");
        assertRefused(transaction(700)).hasMessage("transaction 700 is not in the archived WAL on timeline 1");
    }

    @Test
    void theArchiveGoesBeforeWhatTheBackupHas() throws Exception {
        standbyBackup(FOURTH);
        wal.commit(701, "2026-11-22T10:01:00Z");
        wal.switchSegment();
        archive.archive(wal);

        RecoveryPlan plan = planner().plan(RecoveryTarget.LATEST, TimelineChoice.LATEST);

        assertThat(plan.stop()).hasToString("0/500000");
        assertThat(planner().plan(transaction(701), TimelineChoice.LATEST).segments())
                .isEqualTo(2);
        assertThat(planner().windows())
                .extracting(RecoveryWindow::toTime)
                .containsExactly(Instant.parse("2026-11-22T10:01:00Z"));
    }

    @Test
    void whatLiesBehindASegmentThatOnlyTheBackupHasIsNotReached() throws Exception {
        BackupPoint backup = standbyBackup(FOURTH);
        wal.commit(701, "2026-11-22T10:01:00Z");
        wal.switchSegment();
        wal.commit(702, "2026-11-22T10:02:00Z");
        wal.switchSegment();
        archive.archive(wal).lose(FOURTH);

        assertRefused(RecoveryTarget.LATEST)
                .hasMessage("WAL segment \"" + FOURTH + "\" is not in the archive, although later ones are")
                .satisfies(e -> assertThat(((RefusedException) e).hint().orElseThrow())
                        .startsWith("Bring it into the archive, or go to the end of the WAL before it with"
                                + " --backup one --immediate."));
        assertRefused(transaction(702))
                .hasMessage("WAL segment \"" + FOURTH + "\" is not in the archive, but is needed to reach"
                        + " transaction 702");
        assertThat(planner()
                        .plan(RecoveryTarget.IMMEDIATE, TimelineChoice.LATEST)
                        .stop())
                .isEqualTo(backup.stop());
        assertThat(planner().windows()).extracting(RecoveryWindow::toLsn).containsExactly(backup.stop());
    }

    @Test
    void anotherBackupThatEndsLaterInTheSameSegmentHasItsOwnWindow() throws Exception {
        BackupPoint first = standbyBackup(THIRD);
        Lsn later = wal.filler(100);
        backups.add(new BackupPoint(
                "two",
                first.start(),
                Timeline.FIRST,
                later,
                Timeline.FIRST,
                first.stopTime(),
                first.lastRecord(),
                Optional.of(WalSegmentName.parse(THIRD))));

        assertThat(planner().windows())
                .extracting(RecoveryWindow::firstBackup, RecoveryWindow::toLsn)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("one", first.stop()),
                        org.assertj.core.groups.Tuple.tuple("two", later));
    }

    @Test
    void segmentsThatNeitherHasAreMissed() {
        standbyBackup(FOURTH);

        assertRefused(RecoveryTarget.IMMEDIATE)
                .hasMessage("WAL segment \"" + THIRD + "\" is not in the archive, but is needed to make backup \"one\""
                        + " consistent");
    }
}
