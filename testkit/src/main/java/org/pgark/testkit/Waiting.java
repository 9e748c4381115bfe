package org.pgark.testkit;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Waits for what another process does. */
public final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private Waiting() {}

    /** Waits up to 30 seconds. */
    public static void until(String what, Callable<Boolean> condition) throws InterruptedIOException {
        until(what, PATIENCE, condition);
    }

    /**
     * Asks again and again until the answer is true.
     *
     * @param what completes the sentence "waited in vain for ... s until ..."
     * @throws AssertionError if the time is over, with the last exception of the condition as its cause
     */
    public static void until(String what, Duration patience, Callable<Boolean> condition)
            throws InterruptedIOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<Exception> last = Optional.empty();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                last = Optional.of(e);
            }
            if (System.nanoTime() > deadline) {
                String message = "waited in vain for " + patience.toSeconds() + " s until " + what;
                throw last.map(cause -> new AssertionError(message, cause))
                        .orElseGet(() -> new AssertionError(message));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting until " + what);
            }
        }
    }
}
