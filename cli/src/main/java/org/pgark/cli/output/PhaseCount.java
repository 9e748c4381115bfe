package org.pgark.cli.output;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.pgark.storage.RepeatedRequests;

/** Counts how far the current phase is, and says when it is time to show it again. For several threads. */
final class PhaseCount {
    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong lastShown = new AtomicLong();
    private volatile String phase = "";
    private volatile long start;
    private volatile long total;

    /**
     * Counts nothing yet.
     *
     * @param interval how long what was shown stays
     * @param nanoClock for example {@link System#nanoTime}
     */
    PhaseCount(Duration interval, LongSupplier nanoClock) {
        this.intervalNanos = interval.toNanos();
        this.nanoClock = nanoClock;
    }

    /** A new phase begins, with nothing done and no known end. */
    void begin(String name) {
        phase = name;
        total = 0;
        done.set(0);
        start = nanoClock.getAsLong();
        lastShown.set(start);
    }

    /** The phase has so many bytes to do. */
    void total(long bytes) {
        total = bytes;
    }

    /** So many more bytes are done; true for one of the callers after each interval, which shows it. */
    boolean advance(long bytes) {
        done.addAndGet(bytes);
        long now = nanoClock.getAsLong();
        long last = lastShown.get();
        return now - last >= intervalNanos && lastShown.compareAndSet(last, now);
    }

    /** The name of the phase. */
    String phase() {
        return phase;
    }

    /** How far it is. */
    Rate rate() {
        return new Rate(done.get(), total, nanoClock.getAsLong() - start, RepeatedRequests.count());
    }
}
