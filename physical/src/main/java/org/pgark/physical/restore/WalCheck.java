package org.pgark.physical.restore;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Reads the WAL that recovery will need, on a thread of its own while the files are written, so that what is damaged in it
 * is known before a server can be started.
 */
final class WalCheck implements AutoCloseable {
    private static final int MANY = 16;

    private final FutureTask<Integer> check;
    private final Thread thread;

    private WalCheck(RestorePlan plan) {
        check = new FutureTask<>(() -> read(plan));
        thread = Thread.ofPlatform().daemon().name("restore-wal").start(check);
    }

    /** Begins to read. */
    static WalCheck begin(RestorePlan plan) {
        return new WalCheck(plan);
    }

    private static int read(RestorePlan plan) throws IOException, InterruptedException {
        RepositoryWal archive = new RepositoryWal(plan.source());
        var needed = archive.segmentsOf(plan.recovery());
        if (needed.size() >= MANY) {
            archive.expectMuch();
        }
        int segments = 0;
        for (WalSegmentName segment : needed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            archive.verify(segment);
            segments++;
        }
        return segments;
    }

    /** Waits until everything is read; fails, naming it, if a segment is not what was archived. */
    void await() throws IOException, InterruptedException {
        try {
            check.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Stops where it is; does nothing after {@link #await}. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
