package org.pgark.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the workers of one spool apart, for as long as its file is the one that is in the spool. */
final class WorkerLock implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Object inode;

    private WorkerLock(Path file, FileChannel channel, Object inode) {
        this.file = file;
        this.channel = channel;
        this.inode = inode;
    }

    /** The lock, or empty if another worker has it. */
    static Optional<WorkerLock> take(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = tryLock(channel) != null;
            return taken ? Optional.of(new WorkerLock(file, channel, inode(file))) : Optional.empty();
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    /** Whether the locked file is still the one that others would try to lock. */
    boolean isInPlace() throws IOException {
        try {
            return inode(file).equals(inode);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
