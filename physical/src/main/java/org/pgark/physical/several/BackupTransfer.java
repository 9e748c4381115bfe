package org.pgark.physical.several;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.copy.BackupCopy;
import org.pgark.repository.copy.CopyProgress;

/**
 * Brings one backup from a repository into another one, with the WAL that makes it consistent: it exists there only when
 * that is there.
 */
public final class BackupTransfer {
    private final ClusterRepository from;
    private final ClusterRepository to;
    private final BackupRecord backup;
    private final int parallel;
    private final CopyProgress progress;
    private final Consumer<String> warnings;

    /**
     * Prepares a transfer between two repositories of the same incarnation of a cluster.
     *
     * @param backup which of {@code from}
     * @param parallel how many objects are under way at once
     * @param warnings is told in a line each what is not as it should be
     */
    public BackupTransfer(
            ClusterRepository from,
            ClusterRepository to,
            BackupRecord backup,
            int parallel,
            CopyProgress progress,
            Consumer<String> warnings) {
        if (!from.incarnation().systemIdentifier().equals(to.incarnation().systemIdentifier())) {
            throw new IllegalArgumentException("two different clusters");
        }
        this.from = from;
        this.to = to;
        this.backup = backup;
        this.parallel = parallel;
        this.progress = progress;
        this.warnings = warnings;
    }

    /**
     * Brings it.
     *
     * @return what was done; empty if it was there already
     * @throws FailedException if the WAL that it needs cannot be brought
     */
    public Optional<BackupCopy.Outcome> run() throws IOException, FailedException, InterruptedException {
        try {
            return new BackupCopy(from, to, backup, parallel, progress).run(this::bringWal);
        } catch (WalMissingException e) {
            throw new FailedException(
                    "wal_not_archived",
                    String.valueOf(e.getMessage()),
                    "\"pgark wal status\" shows what each repository lacks; run the copy again when it is there.",
                    e);
        }
    }

    private static final class WalMissingException extends IOException {
        private static final long serialVersionUID = 1;

        WalMissingException(String message) {
            super(message);
        }
    }

    private void bringWal() throws IOException, InterruptedException {
        BackupRecord.WalSpan wal = backup.wal();
        List<Backlog.Missing> missing = new ArrayList<>();
        for (Timeline timeline : from.walArchive().timelines()) {
            WalFileName.History history = new WalFileName.History(timeline);
            if (from.walArchive().contains(history) && !to.walArchive().contains(history)) {
                missing.add(new Backlog.Missing(history, List.of(from)));
            }
        }
        List<WalSegmentName> needed = new ArrayList<>();
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            if (!wal.carries(segment)) {
                needed.add(segment);
                if (!to.walArchive().contains(segment) && from.walArchive().contains(segment)) {
                    missing.add(new Backlog.Missing(new WalFileName.Segment(segment), List.of(from)));
                }
            }
        }
        new WalFill(to, parallel, warnings).run(new Backlog(missing));
        for (WalSegmentName segment : needed) {
            if (!to.walArchive().contains(segment)) {
                throw new WalMissingException("WAL segment " + segment + ", which backup \"" + backup.id()
                        + "\" needs, is not in " + to.description() + " and cannot be taken from "
                        + from.description());
            }
        }
    }
}
