package org.pgark.agent;

import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Work for a few threads, in the order of its urgency and then of its names. For several threads. */
final class WorkQueue implements AutoCloseable {
    private static final long LAST_MOMENTS_MILLIS = 300;

    private final ThreadPoolExecutor threads;

    /** How soon a piece of work is needed. */
    enum Urgency {
        /** The server waits for it. */
        REQUESTED,
        /** The server will ask for it next: a file of one timeline's history goes before all segments. */
        HISTORY,
        /** The server will ask for it soon. */
        AHEAD
    }

    WorkQueue(int jobs) {
        threads = new ThreadPoolExecutor(jobs, jobs, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does the work later; it must not throw. */
    void submit(Urgency urgency, String name, Runnable work) {
        threads.execute(new Piece(urgency, name, work));
    }

    /** Whether anything is under way or waits to be done. */
    boolean isBusy() {
        return threads.getActiveCount() > 0 || !threads.getQueue().isEmpty();
    }

    /** Gives up what was not begun, and what was begun after a moment. */
    @Override
    public void close() {
        threads.getQueue().clear();
        threads.shutdown();
        try {
            boolean _ = threads.awaitTermination(LAST_MOMENTS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Piece(Urgency urgency, String name, Runnable work) implements Runnable, Comparable<Piece> {
        @Override
        public void run() {
            work.run();
        }

        @Override
        public int compareTo(Piece other) {
            int byUrgency = urgency.compareTo(other.urgency);
            return byUrgency != 0 ? byUrgency : name.compareTo(other.name);
        }
    }
}
