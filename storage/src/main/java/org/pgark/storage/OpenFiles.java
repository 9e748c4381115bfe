package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps a few files open for reading, since opening one costs as much as reading a small frame from it. Files are
 * written once, so an open one is never out of date. For several threads.
 */
final class OpenFiles {
    private static final int CAPACITY = 32;

    private final Map<Path, OpenFile> files = new LinkedHashMap<>(CAPACITY * 2, 0.75f, true);

    /** A file and how many threads are reading it. */
    private static final class OpenFile {
        final FileChannel channel;
        int readers;
        boolean dropped;

        OpenFile(FileChannel channel) {
            this.channel = channel;
        }
    }

    /** Reads from {@code offset} until the target is full or the file ends; returns whether the target is full. */
    boolean read(Path path, long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        while (true) {
            OpenFile file = acquire(path);
            try {
                return readFully(file.channel, offset, target.position(start));
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                // Another thread was interrupted while it read this file, which closes the channel for all.
                drop(path, file);
            } finally {
                release(file);
            }
        }
    }

    private static boolean readFully(FileChannel channel, long offset, ByteBuffer target) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            int count = channel.read(target, position);
            if (count < 0) {
                return false;
            }
            position += count;
        }
        return true;
    }

    private synchronized OpenFile acquire(Path path) throws IOException {
        OpenFile file = files.get(path);
        if (file == null) {
            file = new OpenFile(FileChannel.open(path, StandardOpenOption.READ));
            files.put(path, file);
            evict();
        }
        file.readers++;
        return file;
    }

    private void evict() throws IOException {
        Iterator<OpenFile> eldest = files.values().iterator();
        while (files.size() > CAPACITY && eldest.hasNext()) {
            OpenFile file = eldest.next();
            eldest.remove();
            file.dropped = true;
            closeIfUnused(file);
        }
    }

    private synchronized void release(OpenFile file) throws IOException {
        file.readers--;
        closeIfUnused(file);
    }

    private static void closeIfUnused(OpenFile file) throws IOException {
        if (file.dropped && file.readers == 0) {
            file.channel.close();
        }
    }

    private synchronized void drop(Path path, OpenFile file) {
        files.remove(path, file);
        file.dropped = true;
    }

    /** Forgets a file. */
    synchronized void forget(Path path) throws IOException {
        OpenFile file = files.remove(path);
        if (file != null) {
            file.dropped = true;
            closeIfUnused(file);
        }
    }

    /** Closes all files. */
    synchronized void close() throws IOException {
        for (OpenFile file : files.values()) {
            file.channel.close();
        }
        files.clear();
    }
}
