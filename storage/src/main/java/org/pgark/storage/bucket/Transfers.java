package org.pgark.storage.bucket;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The parts of all objects of a store that are under way: never more than a limit, so that their memory has one too. */
final class Transfers implements AutoCloseable {
    private final int partSize;
    private final Semaphore permits;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Transfers(int parallel, int partSize) {
        this.partSize = partSize;
        this.permits = new Semaphore(parallel);
    }

    int partSize() {
        return partSize;
    }

    Semaphore permits() {
        return permits;
    }

    ExecutorService threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
