package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** From which backup a restore begins. */
class BackupChoicePlanTest extends PlannerScene {
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
    void refusesAClusterWithoutBackups() {
        assertRefused(RecoveryTarget.LATEST).hasMessage("cluster \"main\" has no backup");
    }
}
