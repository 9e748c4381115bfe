package org.pgark.storage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests to object stores this process has made again, because a service was busy or a connection broke. One
 * count for all stores: the vendors' libraries repeat requests where nobody else sees it.
 */
public final class RepeatedRequests {
    private static final LongAdder COUNT = new LongAdder();
    private static final AtomicLong BEGIN = new AtomicLong();

    private RepeatedRequests() {}

    /** A request is made again. */
    public static void add() {
        COUNT.increment();
    }

    /** A command begins; what was made again before is not its business. */
    public static void begin() {
        BEGIN.set(COUNT.sum());
    }

    /** How many since the command began. */
    public static long count() {
        return COUNT.sum() - BEGIN.get();
    }
}
