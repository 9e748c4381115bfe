package org.pgark.repository.writer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.pgark.storage.ObjectName;

/**
 * Locks on names, held against other threads and other processes of this host: a byte of one file for each of some hundred
 * groups of names. A process that dies loses its locks.
 */
final class NameLocks {
    private static final int GROUPS = 256;
    private static final long LONGEST_PAUSE_MILLIS = 50;
    private static final Map<Path, NameLocks> OPEN = new ConcurrentHashMap<>();

    private final FileChannel file;
    /** A file's locks belong to the process, so its threads are kept apart by these. */
    private final Semaphore[] groups =
            IntStream.range(0, GROUPS).mapToObj(_ -> new Semaphore(1)).toArray(Semaphore[]::new);

    private NameLocks(FileChannel file) {
        this.file = file;
    }

    /** The same for the same file: to close a second channel of it would take the locks of the first away. */
    static NameLocks in(Path file) throws IOException {
        synchronized (OPEN) {
            NameLocks there = OPEN.get(file);
            if (there == null || !there.file.isOpen()) {
                there = new NameLocks(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                OPEN.put(file, there);
            }
            return there;
        }
    }

    /** Something that is done while a name is locked. */
    interface Step {
        void run() throws IOException;
    }

    void hold(ObjectName name, Step step) throws IOException {
        int group = Math.floorMod(name.value().hashCode(), GROUPS);
        try {
            groups[group].acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
        try (FileLock _ = lock(group)) {
            step.run();
        } finally {
            groups[group].release();
        }
    }

    /** Without {@link FileChannel#lock}: to interrupt who waits there closes the file, and with it go the locks of all threads. */
    private FileLock lock(int group) throws IOException {
        long pause = 1;
        while (true) {
            FileLock lock = file.tryLock(group, 1, false);
            if (lock != null) {
                return lock;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
    }
}
