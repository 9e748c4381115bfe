package org.pgark.storage.bucket;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.pgark.storage.RateSchedule;

/**
 * How many bytes may pass in a second, on average: who brings some waits until those before had their time. For several
 * threads.
 */
final class Rate {
    /** No limit. */
    static final long NONE = 0;

    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier bytesASecond;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private long free;

    /** Waits; a test may only count. */
    interface Pause {
        void ofNanos(long nanos) throws InterruptedException;
    }

    /** By this host's clock. */
    Rate(RateSchedule schedule) {
        this(
                schedule.equals(RateSchedule.NONE)
                        ? () -> NONE
                        : () -> schedule.at(LocalTime.now(ZoneId.systemDefault())),
                System::nanoTime,
                nanos -> Thread.sleep(Duration.ofNanos(nanos)));
    }

    /** @param bytesASecond is asked each time */
    Rate(LongSupplier bytesASecond, LongSupplier nanoTime, Pause pause) {
        this.bytesASecond = bytesASecond;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.free = nanoTime.getAsLong();
    }

    /** Waits until so many bytes may pass. */
    void await(long bytes) throws InterruptedIOException {
        long limit = bytesASecond.getAsLong();
        if (limit == NONE) {
            return;
        }
        long wait = reserve(bytes, limit);
        if (wait <= 0) {
            return;
        }
        try {
            pause.ofNanos(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private synchronized long reserve(long bytes, long limit) {
        long now = nanoTime.getAsLong();
        long start = Math.max(now, free);
        free = start + (long) (bytes / (double) limit * NANOS);
        return start - now;
    }
}
