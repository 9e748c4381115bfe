package org.pgark.cli.output;

import java.time.Duration;

/**
 * How far a phase is.
 *
 * @param done bytes done
 * @param total bytes to do, 0 where that is not known
 * @param nanos how long it has taken so far
 * @param repeated how many requests to stores were made again since the command began
 */
record Rate(long done, long total, long nanos, long repeated) {
    private double bytesPerSecond() {
        return nanos <= 0 ? 0 : done * 1e9 / nanos;
    }

    /** For example {@code 42 %, 1.2 GiB of 2.9 GiB, 512 MiB/s, 3.4 s left}. */
    String text() {
        String rate = Words.size((long) bytesPerSecond()) + "/s";
        if (total <= 0) {
            return Words.size(done) + ", " + rate + again();
        }
        String left = bytesPerSecond() < 1
                ? ""
                : ", " + Words.span(Duration.ofMillis((long) (Math.max(0, total - done) / bytesPerSecond() * 1000)))
                        + " left";
        return Math.min(100, done * 100 / total) + " %, " + Words.size(done) + " of " + Words.size(total) + ", " + rate
                + left + again();
    }

    private String again() {
        return repeated == 0 ? "" : ", " + Words.count(repeated, "request") + " made again";
    }
}
