package org.pgark.physical.backup;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;

/** Waits until the archive holds every WAL segment that a backup needs and does not carry itself. */
final class ArchiveWait {
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    /** So that no wait becomes longer by more than a tenth of itself. */
    private static final int PAUSES_IN_WAIT = 10;

    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Segments archive;
    private final boolean standby;
    private final Supplier<Optional<String>> archiverFailure;
    private final ProgressListener progress;

    /** Tells which segments are in the archive. */
    @FunctionalInterface
    interface Segments {
        /**
         * Whether a segment is there, and the server's own.
         *
         * @param bytes how much of it the server has written for good
         */
        boolean isArchived(WalSegmentName segment, long bytes) throws IOException, FailedException;
    }

    /**
     * @param standby whether the server need not write its last segment to the end
     * @param archiverFailure what the server's archiver last failed at, in words
     */
    ArchiveWait(
            Segments archive, boolean standby, Supplier<Optional<String>> archiverFailure, ProgressListener progress) {
        this.archive = archive;
        this.standby = standby;
        this.archiverFailure = archiverFailure;
        this.progress = progress;
    }

    ArchiveWait(OwnWal archive, BackupMode server, ProgressListener progress) {
        this(archive::isArchived, server.isStandby(), server::archiverFailure, progress);
    }

    /** Returns when all segments are there, which are of one timeline. */
    void await(BackupRecord.WalSpan wal, Duration timeout) throws IOException, FailedException, InterruptedException {
        long begin = System.nanoTime();
        long spoken = begin;
        WalSegmentName next = wal.first();
        while (true) {
            while (next.compareTo(wal.last()) <= 0 && (wal.carries(next) || isArchived(next, wal))) {
                next = next.next(wal.segmentSize());
            }
            if (next.compareTo(wal.last()) > 0) {
                return;
            }
            long now = System.nanoTime();
            if (now - begin > timeout.toNanos()) {
                throw missing(next, timeout);
            }
            if (now - spoken > SILENCE.toNanos()) {
                spoken = now;
                progress.warning("WAL segment " + next + " is not in the archive yet"
                        + archiverFailure.get().map(words -> ": " + words).orElse(""));
            }
            Thread.sleep(Math.clamp(
                    Duration.ofNanos(now - begin).toMillis() / PAUSES_IN_WAIT,
                    SHORTEST_PAUSE_MILLIS,
                    LONGEST_PAUSE_MILLIS));
        }
    }

    /** A standby need not have written more of the last segment than the backup needs. */
    private boolean isArchived(WalSegmentName segment, BackupRecord.WalSpan wal) throws IOException, FailedException {
        if (standby && segment.equals(wal.last())) {
            Lsn begin = segment.start(wal.segmentSize());
            return archive.isArchived(segment, wal.stopLsn().value() - begin.value());
        }
        return archive.isArchived(segment, Long.MAX_VALUE);
    }

    private FailedException missing(WalSegmentName segment, Duration timeout) {
        Optional<String> failure = archiverFailure.get();
        return new FailedException(
                "wal_not_archived",
                "WAL segment " + segment + " was not archived within " + timeout.toSeconds() + " seconds",
                standby
                        ? "This standby does not keep it any more. Look into the primary's log for what archive_command"
                                + " said."
                        : failure.map(words ->
                                        sentence(words) + " Look into the server's log for what archive_command said.")
                                .orElse("Make sure that archive_command pushes to this repository with \"pgark"
                                        + " check\"."));
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
