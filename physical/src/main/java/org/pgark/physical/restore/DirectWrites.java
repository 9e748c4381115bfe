package org.pgark.physical.restore;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that write pieces of large files past the page cache, so that nobody waits for the disk who could decompress
 * meanwhile. The pieces are few and used again. The first failure ends all and is thrown to whoever comes next.
 */
final class DirectWrites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectWrites.class);

    /** Enough for a disk on a network, whose answers take a while; a local one is content with two. */
    private static final int THREADS = 4;

    private static final long PATIENCE_MILLIS = 100;

    private final int limit;
    private final BlockingQueue<DirectPiece> spare;
    private final BlockingQueue<Optional<DirectPiece>> waiting = new LinkedBlockingQueue<>();
    private final RestoreThreads threads = new RestoreThreads();
    private int made;

    /**
     * Starts nothing yet.
     *
     * @param fillers how many threads fill pieces
     */
    DirectWrites(int fillers) {
        limit = fillers + 2 * THREADS;
        spare = new ArrayBlockingQueue<>(limit);
    }

    /** A piece to fill, once one is free. */
    DirectPiece take() throws IOException {
        threads.throwFailure();
        DirectPiece piece = spare.poll();
        if (piece == null && isRoomForAnother()) {
            return new DirectPiece();
        }
        try {
            while (piece == null) {
                piece = spare.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                threads.throwFailure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("the restore was stopped");
        }
        return piece;
    }

    private synchronized boolean isRoomForAnother() {
        if (made == limit) {
            return false;
        }
        made++;
        return true;
    }

    /** Has what the piece holds written; that is one more part of its file. */
    synchronized void submit(DirectPiece piece) {
        while (threads.count() < THREADS) {
            threads.start("restore-disk-" + (threads.count() + 1), this::work);
        }
        piece.file().addPart();
        waiting.add(Optional.of(piece));
    }

    private void work() {
        try {
            for (Optional<DirectPiece> piece = waiting.take(); piece.isPresent(); piece = waiting.take()) {
                if (!threads.haveFailed()) {
                    write(piece.get());
                } else {
                    giveUp(piece.get().file());
                }
                spare.add(piece.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void giveUp(FileTarget file) {
        try {
            file.abandon();
        } catch (IOException e) {
            LOG.debug("a file that is given up cannot be closed", e);
        }
    }

    private void write(DirectPiece piece) {
        FileTarget file = piece.file();
        try {
            file.writeDirectly(piece.offset(), piece.bytes());
            file.partDone();
        } catch (IOException | RuntimeException | Error e) {
            if (file.isAbandoned()) {
                LOG.debug("the restore has failed before", e);
            } else {
                threads.failed(e);
            }
        }
    }

    /** Waits until everything is written. Nothing may be submitted afterwards. */
    void finish() throws IOException, InterruptedException {
        for (int count = threads.count(); count > 0; count--) {
            waiting.add(Optional.empty());
        }
        threads.join();
    }

    /** Stops the threads where they are; does nothing after {@link #finish}. */
    @Override
    public void close() {
        threads.stop();
    }
}
