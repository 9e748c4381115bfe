package org.pgark.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import org.pgark.storage.NoConditionException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Creates an object if its key is free. A request whose answer was lost is sent again, and then the key is taken by the
 * object itself: its writer's name tells. A service that answers "conflict" wants to be asked again.
 */
final class ConditionalCreation {
    static final int MOST_CONFLICTS = 8;
    static final long FIRST_PAUSE_MILLIS = 50;

    private ConditionalCreation() {}

    static boolean make(S3Answer.Call<?> call, ObjectHolder.Look look) throws IOException {
        for (int conflicts = 0; ; conflicts++) {
            try {
                call.make();
                return true;
            } catch (SdkException e) {
                int status = S3Answer.status(e);
                if (status == S3Answer.PRECONDITION_FAILED) {
                    return look.holder() == ObjectHolder.OURS;
                }
                if (status != S3Answer.CONFLICT || conflicts == MOST_CONFLICTS) {
                    throw fault(e);
                }
                pause(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS << conflicts));
            }
        }
    }

    /** What a request failed for that asked for the condition. */
    static IOException fault(SdkException failure) {
        int status = S3Answer.status(failure);
        return status == S3Answer.NOT_IMPLEMENTED
                ? new NoConditionException(
                        "the service cannot create an object on the condition that its name is free (status " + status
                                + ")",
                        failure)
                : S3Answer.fault(failure);
    }

    static void pause(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
