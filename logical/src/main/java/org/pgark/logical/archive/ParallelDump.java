package org.pgark.logical.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.pgark.postgres.wire.WireConnection;

/**
 * Shares items out to threads that have a connection each. The first failure ends all of them. A table for which somebody waits with
 * an exclusive lock is no worker's: it is left to the connection that has locked it from the start.
 */
final class ParallelDump {
    /** What is done with each item. */
    interface Work {
        void on(DumpItem item, WireConnection connection) throws IOException;
    }

    private final WorkerConnections connections;
    private final ArchiveMessages messages;
    private final Queue<DumpItem> leftOver = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final List<WireConnection> open = new ArrayList<>();

    ParallelDump(WorkerConnections connections, ArchiveMessages messages) {
        this.connections = connections;
        this.messages = messages;
    }

    /**
     * Does the work on all items.
     *
     * @param leader the dump's own connection, which holds the locks of all tables
     */
    void run(List<DumpItem> items, int workers, WireConnection leader, Work work) throws IOException {
        Queue<DumpItem> queue = new ConcurrentLinkedQueue<>(items);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int index = 0; index < Math.min(workers, items.size()); index++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread.ofPlatform().name("dump-worker-" + (index + 1)).daemon().start(() -> {
                try {
                    work(queue, work);
                } catch (IOException | RuntimeException e) {
                    fail(e);
                } catch (Error e) {
                    fail(new ArchiveException("a worker of the dump failed: " + e, e));
                } finally {
                    done.complete(null);
                }
            });
            running.add(done);
        }
        for (CompletableFuture<Void> done : running) {
            await(done);
        }
        Exception found = failure.get();
        if (found instanceof IOException failed) {
            throw failed;
        }
        if (found instanceof RuntimeException failed) {
            throw failed;
        }
        for (DumpItem item : leftOver) {
            work.on(item, leader);
            finished(item);
        }
    }

    private void await(CompletableFuture<Void> done) throws IOException {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new ArchiveException("terminated by user", e));
        } catch (java.util.concurrent.ExecutionException e) {
            throw new ArchiveException("a worker of the dump failed: " + e.getCause(), e);
        }
    }

    private void fail(Exception e) {
        if (failure.compareAndSet(null, e)) {
            synchronized (open) {
                open.forEach(ParallelDump::cancel);
            }
        }
    }

    private static void cancel(WireConnection connection) {
        try {
            connection.cancel();
        } catch (IOException e) {
            System.getLogger(ParallelDump.class.getName())
                    .log(System.Logger.Level.DEBUG, "could not cancel a worker's statement", e);
        }
    }

    private void work(Queue<DumpItem> queue, Work work) throws IOException {
        boolean more = true;
        while (more) {
            more = workInOneTransaction(queue, work);
        }
    }

    /** Works until nothing is left, or a lock could not be had, which ends the transaction; and tells whether there is more. */
    private boolean workInOneTransaction(Queue<DumpItem> queue, Work work) throws IOException {
        try (WireConnection connection = connections.open()) {
            synchronized (open) {
                open.add(connection);
            }
            try {
                for (DumpItem item = queue.poll(); item != null && failure.get() == null; item = queue.poll()) {
                    if (!TableLock.isTaken(item.entry(), connection)) {
                        leftOver.add(item);
                        return !queue.isEmpty();
                    }
                    work.on(item, connection);
                    finished(item);
                }
                return false;
            } finally {
                synchronized (open) {
                    open.remove(connection);
                }
            }
        }
    }

    private void finished(DumpItem item) {
        TocEntry entry = item.entry();
        messages.info("finished item " + entry.dumpId() + " " + entry.description() + " " + entry.tag());
    }
}
