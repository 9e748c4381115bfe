package org.pgark.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.pgark.repository.writer.OtherWriterException;

/** What commands that died left in a repository in the middle of writing. */
final class Leftovers {
    /** Longer than any backup takes, so that nothing of one that still runs is cleared away. */
    private static final Duration KEPT = Duration.ofDays(7);

    private Leftovers() {}

    /** What removes them in a place. */
    interface Removal {
        void of(Duration olderThan) throws IOException;
    }

    /**
     * Removes them before a backup, which is not given up for them.
     *
     * @throws OtherWriterException if nobody may write here but another
     * @throws InterruptedIOException if this thread was interrupted
     */
    static void remove(Removal removal, Consumer<String> warning) throws IOException {
        try {
            removal.of(KEPT);
        } catch (OtherWriterException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            warning.accept(String.valueOf(e.getMessage()));
        }
    }
}
