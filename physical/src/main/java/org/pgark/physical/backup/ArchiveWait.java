package org.pgark.physical.backup;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** Waits until the archive holds every WAL segment that a backup needs. */
final class ArchiveWait {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final OwnWal archive;
    private final BackupMode server;
    private final ProgressListener progress;

    ArchiveWait(OwnWal archive, BackupMode server, ProgressListener progress) {
        this.archive = archive;
        this.server = server;
        this.progress = progress;
    }

    /** Returns when all segments from {@code first} to {@code last} are there; both are of one timeline. */
    void await(WalSegmentName first, WalSegmentName last, WalSegmentSize size, Duration timeout)
            throws IOException, FailedException, InterruptedException {
        long begin = System.nanoTime();
        long spoken = begin;
        long pause = FIRST_PAUSE_MILLIS;
        WalSegmentName next = first;
        while (true) {
            while (next.compareTo(last) <= 0 && archive.isArchived(next)) {
                next = next.next(size);
            }
            if (next.compareTo(last) > 0) {
                return;
            }
            long now = System.nanoTime();
            if (now - begin > timeout.toNanos()) {
                throw missing(next, timeout);
            }
            if (now - spoken > SILENCE.toNanos()) {
                spoken = now;
                progress.warning("WAL segment " + next + " is not in the archive yet"
                        + server.archiverFailure().map(words -> ": " + words).orElse(""));
            }
            Thread.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    private FailedException missing(WalSegmentName segment, Duration timeout) {
        Optional<String> failure = server.archiverFailure();
        return new FailedException(
                "wal_not_archived",
                "WAL segment " + segment + " was not archived within " + timeout.toSeconds() + " seconds",
                failure.map(words -> sentence(words) + " Look into the server's log for what archive_command said.")
                        .orElse("Make sure that archive_command pushes to this repository with \"pgark check\"."));
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
