package org.pgark.storage.bucket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import org.pgark.storage.RepeatedRequests;

/**
 * How often one read may be begun again where its stream broke. A stream that brought something has proved that the service
 * is there, so only breaks in a row count. The clients retry what fails before a stream begins.
 */
final class BrokenStream {
    private static final int MOST_IN_A_ROW = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;

    private int inARow;

    /** Waits for a random time, longer after each break; throws the failure if there were too many. */
    void pauseOrThrow(boolean broughtSomething, IOException failure) throws IOException {
        inARow = broughtSomething ? 1 : inARow + 1;
        if (inARow >= MOST_IN_A_ROW) {
            throw failure;
        }
        RepeatedRequests.add();
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS << inARow));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(failure);
        }
    }
}
