package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** Along which timeline a restore goes. */
class TimelinePlanTest extends PlannerScene {
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
}
