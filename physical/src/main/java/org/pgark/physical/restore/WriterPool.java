package org.pgark.physical.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands tasks to a fixed number of writers through a short queue. The first failure stops all of them and is thrown to
 * whoever hands in the next task or waits for the end. Used by one thread.
 */
final class WriterPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriterPool.class);
    private static final int QUEUED_PER_WRITER = 4;
    private static final long PATIENCE_MILLIS = 100;

    private final BlockingQueue<Optional<WriteTask>> queue;
    private final List<Thread> threads = new ArrayList<>();
    private final BlockingQueue<Throwable> failure = new ArrayBlockingQueue<>(1);

    WriterPool(int writers, Supplier<Writer> newWriter) {
        queue = new ArrayBlockingQueue<>(writers * QUEUED_PER_WRITER);
        for (int number = 1; number <= writers; number++) {
            threads.add(Thread.ofPlatform().daemon().name("restore-" + number).start(() -> work(newWriter)));
        }
    }

    private void work(Supplier<Writer> newWriter) {
        try (Writer writer = newWriter.get()) {
            for (Optional<WriteTask> task = queue.take(); task.isPresent(); task = queue.take()) {
                writer.perform(task.get());
                if (!failure.isEmpty()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            if (!failure.offer(e)) {
                LOG.debug("another writer has failed before", e);
            }
        }
    }

    /** Hands in a task, waiting while the queue is full. */
    void submit(WriteTask task) throws IOException, InterruptedException {
        put(Optional.of(task));
    }

    /** Waits until everything that was handed in is done. */
    void finish() throws IOException, InterruptedException {
        for (int count = threads.size(); count > 0; count--) {
            put(Optional.empty());
        }
        for (Thread thread : threads) {
            thread.join();
        }
        throwFailure();
    }

    private void put(Optional<WriteTask> task) throws IOException, InterruptedException {
        do {
            throwFailure();
        } while (!queue.offer(task, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void throwFailure() throws IOException {
        switch (failure.peek()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Stops the writers where they are; does nothing after {@link #finish}. */
    @Override
    public void close() {
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
