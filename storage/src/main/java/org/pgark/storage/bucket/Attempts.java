package org.pgark.storage.bucket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.pgark.storage.RepeatedRequests;
import org.pgark.storage.Throttling;

/**
 * Does over again what failed for a reason that passes: a service that is busy, a connection that broke. The pauses are
 * random up to a limit that doubles, unless the service itself says how long to wait. A service that was never reached is
 * more likely not there than out of reach for a moment, so it is given up soon.
 */
public final class Attempts {
    private static final int MOST = 8;
    private static final int MOST_AT_FIRST = 2;
    private static final Duration LIMIT_AT_FIRST = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 20_000;

    private volatile boolean reached;

    /** The failure may pass. */
    public static final class Passing extends IOException {
        private static final long serialVersionUID = 1;

        private final boolean answered;
        private final transient Optional<Duration> pause;

        private Passing(String message, Throwable cause, boolean answered, Optional<Duration> pause) {
            super(message, cause);
            this.answered = answered;
            this.pause = pause;
        }

        /** Nobody answered, or the answer broke off. */
        public static Passing unanswered(IOException cause) {
            return new Passing(reason(cause), cause, false, Optional.empty());
        }

        /**
         * The service answered that it cannot now.
         *
         * @param status of the answer; those that say that there are too many requests are passed on as {@link Throttling}
         * @param pause how long to wait at least, if it said so
         */
        public static Passing busy(IOException answer, int status, Optional<Duration> pause) {
            if (Throttling.isSaidBy(status)) {
                Throttling.told();
            }
            return new Passing(reason(answer), answer, true, pause);
        }

        private static String reason(IOException cause) {
            String message = cause.getMessage();
            if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
                boolean unknown = isCausedBy(cause, UnresolvedAddressException.class);
                String why = unknown ? ": its host's name is not known" : message == null ? "" : ": " + message;
                return "the service cannot be reached" + why;
            }
            return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
        }
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Something that is tried. */
    public interface Attempt<T> {
        /**
         * Tries it.
         *
         * @param repeated whether it was tried before, and may have been done without anybody having heard of it
         * @throws Passing if another attempt may help
         */
        T make(boolean repeated) throws IOException;
    }

    /** Tries until it succeeds, fails for good or has failed too often. */
    public <T> T of(Attempt<T> attempt) throws IOException {
        long begin = System.nanoTime();
        for (int number = 1; ; number++) {
            try {
                T result = attempt.make(number > 1);
                reached = true;
                return result;
            } catch (Passing e) {
                reached |= e.answered;
                long spent = System.nanoTime() - begin;
                boolean late = spent > (reached ? LIMIT : LIMIT_AT_FIRST).toNanos();
                if (late || number >= (reached ? MOST : MOST_AT_FIRST)) {
                    throw e;
                }
                RepeatedRequests.add();
                pause(number, e.pause);
            } catch (IOException e) {
                reached = true;
                throw e;
            }
        }
    }

    private static void pause(int number, Optional<Duration> said) throws InterruptedIOException {
        long limit = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << number);
        long least = Math.min(LONGEST_PAUSE_MILLIS, said.map(Duration::toMillis).orElse(0L));
        try {
            Thread.sleep(least + ThreadLocalRandom.current().nextLong(limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
