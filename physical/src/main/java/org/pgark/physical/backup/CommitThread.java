package org.pgark.physical.backup;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.pack.PackSummary;

/** Lists a backup, on a thread of its own: an interrupt in mid-write would leave open whether it is listed. */
final class CommitThread {
    private CommitThread() {}

    /**
     * Lists a backup whose packs are durable; goes on to the end once it has begun.
     *
     * @throws InterruptedException if this thread was interrupted before
     */
    static void commit(BackupSession begun, BackupRecord record, List<PackSummary> needed)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        FutureTask<BackupRecord> commit = new FutureTask<>(() -> {
            begun.commit(record, needed);
            return record;
        });
        Thread.ofPlatform().name("backup-commit").start(commit);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    commit.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
