package org.pgark.repository;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.collect.MarkedPacks;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.retention.ExpiredWal;

/** Whether what a backup needs is still there when it is committed. */
final class CommitCheck {
    private final ListedPacks listed;

    CommitCheck(ListedPacks listed) {
        this.listed = listed;
    }

    /**
     * Checks it.
     *
     * @param needed the packs that the backup lists
     * @param begun the session of who took it
     * @param offered packs that no one listed when it was begun, which it may have used
     * @throws SessionEndedException if something is gone
     */
    void check(
            BackupRecord backup, List<PackSummary> needed, LogSession begun, Set<ObjectId> offered, ClusterState state)
            throws IOException {
        checkUnmarked(backup, needed, begun, offered, state);
        checkWal(backup, state);
    }

    /** What pinned backups need of their packs stays through every mark, so only packs from elsewhere can be lost. */
    private void checkUnmarked(
            BackupRecord backup,
            List<PackSummary> needed,
            LogSession session,
            Set<ObjectId> offered,
            ClusterState state)
            throws IOException {
        if (state.marks().stream().noneMatch(mark -> mark.entry() > session.entry())) {
            return;
        }
        Set<ObjectId> safe = new HashSet<>();
        for (ClusterState.Committed pinned : state.needed()) {
            if (session.pins().contains(pinned.backup().id().value())) {
                listed.packs(pinned, state, session.entry()).forEach(pack -> safe.add(pack.id()));
            }
        }
        Set<ObjectId> own = new HashSet<>(needed.stream().map(PackSummary::id).toList());
        for (ClusterState.Mark mark : state.marks()) {
            if (mark.entry() > session.entry()) {
                MarkedPacks marked = listed.marked(mark);
                marked.moves().forEach((pack, to) -> {
                    if (safe.contains(pack)) {
                        safe.add(to.id());
                    }
                });
                for (PackSummary pack : marked.goners()) {
                    boolean ofPinned = safe.contains(pack.id()) && !offered.contains(pack.id());
                    if (own.contains(pack.id()) && !ofPinned) {
                        throw new SessionEndedException("packs of backup \"" + backup.id()
                                + "\" were collected meanwhile; run the backup again");
                    }
                }
            }
        }
    }

    /** WAL expires only while no backup is taken; this one may have begun after that, on a server that lags. */
    private static void checkWal(BackupRecord backup, ClusterState state) throws SessionEndedException {
        ExpiredWal expired = state.care().expired();
        BackupRecord.WalSpan wal = backup.wal();
        long last = wal.last().number(wal.segmentSize());
        for (long number = wal.first().number(wal.segmentSize()); number <= last; number++) {
            WalSegmentName segment = WalSegmentName.ofNumber(wal.stopTimeline(), number, wal.segmentSize());
            if (expired.contains(wal.startTimeline(), number)
                    && expired.contains(wal.stopTimeline(), number)
                    && !wal.carries(segment)) {
                throw new SessionEndedException("WAL segment " + segment + ", which backup \"" + backup.id()
                        + "\" needs, has expired; run the backup again");
            }
        }
    }
}
