package org.pgark.repository.archive;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.pgark.repository.frame.Compression;

/** Buffers that are made as they are needed and used again. For several threads. */
final class WalBuffersPool implements AutoCloseable {
    private final Compression compression;
    private final ConcurrentLinkedDeque<WalBuffers> idle = new ConcurrentLinkedDeque<>();

    /** Something that needs buffers. */
    interface Work<T> {
        T with(WalBuffers buffers) throws IOException;
    }

    WalBuffersPool(Compression compression) {
        this.compression = compression;
    }

    /** Some that nobody else uses until they are given back. */
    WalBuffers take() {
        WalBuffers pooled = idle.poll();
        return pooled == null ? new WalBuffers(compression) : pooled;
    }

    void giveBack(WalBuffers buffers) {
        idle.push(buffers);
    }

    <T> T with(Work<T> work) throws IOException {
        WalBuffers buffers = take();
        try {
            return work.with(buffers);
        } finally {
            giveBack(buffers);
        }
    }

    /** Releases them; none can be in use. */
    @Override
    public void close() {
        for (WalBuffers buffers = idle.poll(); buffers != null; buffers = idle.poll()) {
            buffers.close();
        }
    }
}
