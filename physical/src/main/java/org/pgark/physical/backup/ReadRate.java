package org.pgark.physical.backup;

import java.util.concurrent.TimeUnit;

/** Holds readers back so that together they read no more than so many bytes a second. For several threads. */
final class ReadRate {
    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(200);

    private final long bytesPerSecond;
    private long next = System.nanoTime();

    /**
     * @param bytesPerSecond 0 for no limit
     */
    ReadRate(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits until so many more bytes may be read. */
    void await(int bytes) throws InterruptedException {
        if (bytesPerSecond == 0) {
            return;
        }
        long rest = reserve(bytes);
        if (rest > 0) {
            TimeUnit.NANOSECONDS.sleep(rest);
        }
    }

    private synchronized long reserve(int bytes) {
        long now = System.nanoTime();
        // What was not used in a pause may not be made up for at once.
        next = Math.max(next, now - LONGEST_REST);
        long rest = next - now;
        next += (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
        return rest;
    }
}
