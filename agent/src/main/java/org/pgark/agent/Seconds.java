package org.pgark.agent;

import java.util.Locale;

/** Durations as the log tells them. */
final class Seconds {
    private Seconds() {}

    /** The time since {@link System#nanoTime} was {@code begun}, for example {@code 0.041}. */
    static String since(long begun) {
        return String.format(Locale.ROOT, "%.3f", (System.nanoTime() - begun) / 1e9);
    }
}
