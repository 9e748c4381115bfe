package org.pgark.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.pgark.storage.RepeatedRequests;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes an object of the parts of an upload. A service may need minutes for it. When the answer is lost, the request has
 * perhaps been done, or is still being done: what the service answers to its repetition says little, so it is looked whose
 * object has the key, until it is somebody's.
 */
final class S3Completion {
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final ObjectHolder.Look look;
    private final boolean conditional;
    private final Duration limit;
    private final long begin = System.nanoTime();

    S3Completion(ObjectHolder.Look look, boolean conditional) {
        this(look, conditional, LIMIT);
    }

    S3Completion(ObjectHolder.Look look, boolean conditional, Duration limit) {
        this.look = look;
        this.conditional = conditional;
        this.limit = limit;
    }

    /**
     * Makes the request, and finds out what became of it.
     *
     * @return whether the object was made; false if the key is another's
     */
    boolean make(S3Answer.Call<?> request) throws IOException {
        boolean perhapsDone = false;
        for (int conflicts = 0; ; conflicts++) {
            try {
                request.make();
                return true;
            } catch (SdkException e) {
                if (S3Answer.status(e) == S3Answer.PRECONDITION_FAILED) {
                    return look.holder() == ObjectHolder.OURS;
                }
                Optional<Boolean> known = holderAfter(e);
                if (known.isPresent()) {
                    return known.get();
                }
                Integer attempts = e.numAttempts();
                perhapsDone |= attempts != null && attempts > 1;
                if (isSilence(e) || (perhapsDone && S3Answer.isUploadGone(e))) {
                    return awaitHolder(e);
                }
                boolean conflict = S3Answer.status(e) == S3Answer.CONFLICT;
                if (!conflict || !(conflicts < ConditionalCreation.MOST_CONFLICTS || (perhapsDone && !isOver()))) {
                    throw ConditionalCreation.fault(e);
                }
                pause(conflicts);
            }
            RepeatedRequests.add();
        }
    }

    /**
     * The request is not made again: a service that still joins the parts would begin anew beside it, and with each
     * repetition take longer.
     */
    private boolean awaitHolder(SdkException failure) throws IOException {
        for (int looks = 0; !isOver(); looks++) {
            pause(looks);
            Optional<Boolean> known = holderAfter(failure);
            if (known.isPresent()) {
                return known.get();
            }
        }
        throw new IOException(
                S3Answer.fault(failure).getMessage()
                        + "; the service may still be joining the parts, but the object was not there after "
                        + limit.toSeconds() + " s",
                failure);
    }

    /** Whether the object was made, where there is one. */
    private Optional<Boolean> holderAfter(SdkException failure) throws IOException {
        try {
            return switch (look.holder()) {
                case OURS -> Optional.of(true);
                // Without the condition ours may still take its place.
                case ANOTHERS -> conditional ? Optional.of(false) : Optional.empty();
                case NOBODYS -> Optional.empty();
            };
        } catch (IOException e) {
            IOException fault = ConditionalCreation.fault(failure);
            fault.addSuppressed(e);
            throw fault;
        }
    }

    private boolean isOver() {
        return System.nanoTime() - begin > limit.toNanos();
    }

    private static boolean isSilence(SdkException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException timeout
                    && !String.valueOf(timeout.getMessage()).startsWith("Connect")) {
                return true;
            }
        }
        return false;
    }

    private static void pause(int before) throws InterruptedIOException {
        int doubled = Math.min(before, ConditionalCreation.MOST_CONFLICTS);
        long most = Math.min(LONGEST_PAUSE_MILLIS, ConditionalCreation.FIRST_PAUSE_MILLIS << doubled);
        ConditionalCreation.pause(most / 2 + ThreadLocalRandom.current().nextLong(most / 2));
    }
}
