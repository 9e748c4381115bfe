package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.pgark.physical.failure.BusyException;

/**
 * The file that says of a data directory that a restore into it has begun and not ended. While the restore runs it holds a
 * lock on the file, which the system takes away if the process dies.
 */
final class RestoreMarker implements AutoCloseable {
    static final String FILE_NAME = "pgark-restore-unfinished";

    private final Path dataDirectory;
    private final FileChannel channel;

    private RestoreMarker(Path dataDirectory, FileChannel channel) {
        this.dataDirectory = dataDirectory;
        this.channel = channel;
    }

    static boolean isIn(Path dataDirectory) {
        return Files.exists(dataDirectory.resolve(FILE_NAME));
    }

    /**
     * Puts the marker there, durably, and locks it.
     *
     * @throws BusyException if another restore holds the lock
     */
    static RestoreMarker put(Path dataDirectory, String text) throws IOException, BusyException {
        FileChannel channel =
                FileChannel.open(dataDirectory.resolve(FILE_NAME), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            if (!isLocked(channel)) {
                throw new BusyException(
                        "restore_running", "another restore is writing to \"" + dataDirectory + "\"", "");
            }
            channel.truncate(0);
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            AtomicFile.sync(dataDirectory);
            return new RestoreMarker(dataDirectory, channel);
        } catch (IOException | BusyException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Takes the marker away. */
    void remove() throws IOException {
        Files.deleteIfExists(dataDirectory.resolve(FILE_NAME));
        AtomicFile.sync(dataDirectory);
    }

    /** Lets go of the lock. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
