package org.pgark.agent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** When there was last anything to do. For several threads. */
final class Activity {
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());

    /** There is something to do. */
    void now() {
        lastNanos.set(System.nanoTime());
    }

    /** For how long there has been nothing to do. */
    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - lastNanos.get());
    }
}
