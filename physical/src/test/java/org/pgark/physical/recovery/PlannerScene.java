package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** An archive and backups that a test makes up, and the planner that has to do with them. */
abstract class PlannerScene {
    static final Lsn START = new Lsn(3 << 20);

    final WalWriter wal = new WalWriter(Timeline.FIRST, START);
    final FakeArchive archive = new FakeArchive();
    final List<BackupPoint> backups = new ArrayList<>();

    void backup(String id, WalWriter log, String time) {
        Lsn start = log.filler(100);
        Lsn stop = log.filler(100);
        log.switchSegment();
        backups.add(new BackupPoint(id, start, log.timeline(), stop, log.timeline(), Instant.parse(time)));
    }

    RecoveryPlanner planner() {
        return new RecoveryPlanner("main", backups, archive, ZoneOffset.UTC);
    }

    AbstractThrowableAssert<?, ? extends Throwable> assertRefused(RecoveryTarget target) {
        return assertThatThrownBy(() -> planner().plan(target, TimelineChoice.LATEST))
                .isInstanceOf(RefusedException.class);
    }

    static RecoveryTarget.Time time(String text) {
        return new RecoveryTarget.Time(Instant.parse(text), ZoneOffset.UTC, false);
    }

    static RecoveryTarget transaction(int xid) {
        return new RecoveryTarget.AtTransaction(xid, false);
    }

    static RecoveryTarget at(Lsn lsn, boolean exclusive) {
        return new RecoveryTarget.AtLsn(lsn, exclusive);
    }
}
