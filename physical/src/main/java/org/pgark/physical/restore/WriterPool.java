package org.pgark.physical.restore;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Hands tasks to a fixed number of writers through a short queue. The first failure stops all of them and is thrown to
 * whoever hands in the next task or waits for the end. Used by one thread.
 */
final class WriterPool implements AutoCloseable {
    private static final int QUEUED_PER_WRITER = 4;
    private static final long PATIENCE_MILLIS = 100;

    private final BlockingQueue<Optional<WriteTask>> queue;
    private final RestoreThreads threads = new RestoreThreads();

    WriterPool(int writers, Supplier<Writer> newWriter) {
        queue = new ArrayBlockingQueue<>(writers * QUEUED_PER_WRITER);
        for (int number = 1; number <= writers; number++) {
            threads.start("restore-" + number, () -> work(newWriter));
        }
    }

    private void work(Supplier<Writer> newWriter) {
        try (Writer writer = newWriter.get()) {
            for (Optional<WriteTask> task = queue.take(); task.isPresent(); task = queue.take()) {
                writer.perform(task.get());
                if (threads.haveFailed()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            threads.failed(e);
        }
    }

    /** Hands in a task, waiting while the queue is full. */
    void submit(WriteTask task) throws IOException, InterruptedException {
        put(Optional.of(task));
    }

    /** Waits until everything that was handed in is done. */
    void finish() throws IOException, InterruptedException {
        for (int count = threads.count(); count > 0; count--) {
            put(Optional.empty());
        }
        threads.join();
    }

    private void put(Optional<WriteTask> task) throws IOException, InterruptedException {
        do {
            threads.throwFailure();
        } while (!queue.offer(task, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Stops the writers where they are; does nothing after {@link #finish}. */
    @Override
    public void close() {
        threads.stop();
    }
}
