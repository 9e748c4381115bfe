package org.pgark.repository.pack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.pgark.repository.frame.FramedObjectWriter;

/** Commits a pack beside the worker, which goes on compressing while the disk synchronises. */
final class PackCommit {
    private final FutureTask<PackSummary> task;

    private PackCommit(FutureTask<PackSummary> task) {
        this.task = task;
    }

    /** Begins to commit a pack that is finished. */
    static PackCommit start(FramedObjectWriter pack) {
        FutureTask<PackSummary> task = new FutureTask<>(() -> {
            try (pack) {
                pack.commit();
                return new PackSummary(pack.id(), pack.size());
            }
        });
        Thread.ofPlatform().daemon().name("commit of " + pack.name()).start(task);
        return new PackCommit(task);
    }

    /** Waits until the pack is durable. */
    PackSummary await() throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while a pack was written").initCause(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? new IOException(failure.getMessage(), failure)
                    : new IOException("cannot write a pack: " + e.getCause(), e);
        }
    }
}
