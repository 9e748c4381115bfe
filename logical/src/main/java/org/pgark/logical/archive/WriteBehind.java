package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets a second thread compress and write what the first one reads from the server meanwhile. Data that fits into one piece goes
 * its way on the first thread: most tables are small. For one thread, which writes one stream at a time.
 */
public final class WriteBehind implements AutoCloseable {
    private static final int PIECE = 128 << 10;
    private static final int PIECES = 4;

    /** Bytes on their way to the second thread. */
    private static final class Piece {
        private final OutputStream target;
        private final byte[] bytes;
        private final int length;

        Piece(OutputStream target, byte[] bytes, int length) {
            this.target = target;
            this.bytes = bytes;
            this.length = length;
        }

        void write() throws IOException {
            target.write(bytes, 0, length);
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** Nothing ends the second thread. */
    private final BlockingQueue<Optional<Piece>> waiting = new ArrayBlockingQueue<>(PIECES + 1);

    private final BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(PIECES);
    private final Semaphore free = new Semaphore(PIECES);
    private byte[] current = new byte[PIECE];
    private boolean failureTold;
    private @Nullable Thread writer;
    private volatile @Nullable Throwable failure;

    /**
     * A stream whose bytes go to the target. Closing it waits until all are written, then closes the target. What is not closed
     * may lack its last bytes, and its target is not closed.
     */
    public OutputStream before(OutputStream target) {
        return new Stream(target);
    }

    private void hand(OutputStream target, int length) throws IOException {
        Thread running = writer;
        if (running == null) {
            running = Thread.ofPlatform().name("dump-writer").daemon().unstarted(this::writeAll);
            writer = running;
            running.start();
        }
        try {
            free.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        waiting.add(Optional.of(new Piece(target, current, length)));
        byte[] next = spare.poll();
        current = next == null ? new byte[PIECE] : next;
        requireSuccess();
    }

    private void writeAll() {
        try {
            for (Optional<Piece> piece = waiting.take(); piece.isPresent(); piece = waiting.take()) {
                if (failure == null) {
                    try {
                        piece.get().write();
                    } catch (IOException | RuntimeException | Error e) {
                        failure = e;
                    }
                }
                spare.offer(piece.get().bytes());
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitWritten() throws IOException {
        try {
            free.acquire(PIECES);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        free.release(PIECES);
        requireSuccess();
    }

    private static ArchiveException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ArchiveException("terminated by user", e);
    }

    /** Throws what the second thread failed with, once; what is written afterwards goes nowhere. */
    private void requireSuccess() throws IOException {
        if (failureTold) {
            return;
        }
        failureTold = failure != null;
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new ArchiveException("writing the dump failed: " + e, e);
        }
    }

    /** Ends the second thread, once it has written what it was given. */
    @Override
    public void close() {
        Thread running = writer;
        if (running != null) {
            waiting.add(Optional.empty());
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Stream extends OutputStream {
        private final OutputStream target;
        private int filled;
        private boolean handed;
        private boolean closed;

        Stream(OutputStream target) {
            super();
            this.target = target;
        }

        @Override
        public void write(int single) throws IOException {
            if (filled == PIECE) {
                send();
            }
            current[filled++] = (byte) single;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            int position = offset;
            int left = length;
            while (left > 0) {
                if (filled == PIECE) {
                    send();
                }
                int count = Math.min(left, PIECE - filled);
                System.arraycopy(source, position, current, filled, count);
                filled += count;
                position += count;
                left -= count;
            }
        }

        private void send() throws IOException {
            hand(target, filled);
            handed = true;
            filled = 0;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            if (handed) {
                send();
                awaitWritten();
            } else {
                target.write(current, 0, filled);
            }
            target.close();
        }
    }
}
