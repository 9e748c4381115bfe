package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.DifferentContentException;
import org.pgark.repository.archive.WalArchive;

/**
 * Sees to it that the archive has the history of a server's timeline, without which nothing can be recovered along it. A
 * server that opened while archiving was off has never offered it.
 */
public final class HistoryArchiving {
    private HistoryArchiving() {}

    /**
     * Archives the history if the archive does not have it.
     *
     * @throws FailedException if it is nowhere, or the archive has another one of the same timeline
     */
    public static void ensure(WalArchive archive, Timeline timeline, Path dataDirectory) throws OperationException {
        if (timeline.equals(Timeline.FIRST)) {
            return;
        }
        WalFileName.History name = new WalFileName.History(timeline);
        Path file = dataDirectory.resolve("pg_wal").resolve(name.toString());
        try {
            if (Files.exists(file)) {
                archive.put(name, TextSource.history(timeline, file));
            } else if (!archive.contains(name)) {
                throw new FailedException(
                        "timeline_history_missing",
                        "\"" + name + "\", without which nothing can be recovered along timeline " + timeline
                                + ", is neither in the archive nor in \"" + file.getParent() + "\"",
                        "Archive it with \"pgark wal push\" from where it still is.");
            }
        } catch (DifferentContentException e) {
            throw twice(timeline, e);
        } catch (IOException e) {
            throw WalFailures.of("wal_push_failed", "\"" + name + "\" cannot be archived", e);
        }
    }

    /** Reads the history that a server keeps of a timeline. */
    @FunctionalInterface
    public interface History {
        /** The text of the file. */
        byte[] read() throws IOException;
    }

    /**
     * The same of a server whose files cannot be read.
     *
     * @throws FailedException if the archive has another history of the same timeline
     */
    public static void ensure(WalArchive archive, Timeline timeline, History history)
            throws OperationException, IOException {
        if (timeline.equals(Timeline.FIRST)) {
            return;
        }
        WalFileName.History name = new WalFileName.History(timeline);
        TextSource content = TextSource.history(timeline, history.read());
        try {
            archive.put(name, content);
        } catch (DifferentContentException e) {
            throw twice(timeline, e);
        } catch (IOException e) {
            throw WalFailures.of("wal_push_failed", "\"" + name + "\" cannot be archived", e);
        }
    }

    private static FailedException twice(Timeline timeline, DifferentContentException cause) {
        return new FailedException(
                "wal_content_differs",
                String.valueOf(cause.getMessage()),
                "Two servers opened timeline " + timeline + ". Give one of them a cluster name of its own with"
                        + " \"pgark init\".",
                cause);
    }
}
