package org.pgark.physical.restore;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that share the work of a restore, of which the first failure counts. Thread-safe. */
final class RestoreThreads {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreThreads.class);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Throwable> failure = new ArrayBlockingQueue<>(1);

    void start(String name, Runnable work) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(work));
    }

    int count() {
        return threads.size();
    }

    /** Keeps the first failure; those that follow from it are of no interest. */
    void failed(Throwable reason) {
        if (!failure.offer(reason)) {
            LOG.debug("the restore has failed before", reason);
        }
    }

    boolean haveFailed() {
        return !failure.isEmpty();
    }

    void throwFailure() throws IOException {
        switch (failure.peek()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Waits until all have ended by themselves. */
    void join() throws IOException, InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        throwFailure();
    }

    /** Stops them where they are. */
    void stop() {
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
