package org.pgark.physical.backup;

import java.io.IOException;
import java.util.Optional;

/** A file in chunks. */
final class LargeReceivedFile implements ReceivedContent {
    private final KnownFile file;
    private final KnownContent.Stretches stretches;
    private final PackingQueue queue;
    private final ReceivedBase base;
    private byte[] chunk;
    private int filled;
    private long position;

    LargeReceivedFile(SourceFile source, ReceivedBase base, PackingQueue queue) throws IOException {
        queue.submitBundle();
        this.queue = queue;
        this.base = base;
        this.file = base.of(source);
        this.stretches = base.stretches(file);
        this.chunk = chunk();
    }

    private byte[] chunk() {
        return new byte
                [(int) Math.min(PackingQueue.CHUNK_BYTES, file.source().status().size() - position)];
    }

    @Override
    public void content(byte[] source, int offset, int length) throws IOException {
        int taken = 0;
        while (taken < length) {
            int count = Math.min(length - taken, chunk.length - filled);
            System.arraycopy(source, offset + taken, chunk, filled, count);
            filled += count;
            taken += count;
            if (filled == chunk.length) {
                send();
            }
        }
    }

    private void send() throws IOException {
        long end = position + filled;
        queue.submit(new ReceivedSlice(
                file,
                chunk,
                position,
                filled,
                end == file.source().status().size(),
                Optional.empty(),
                stretches.upTo(end),
                base.elsewhere(file.source(), position, end)));
        position = end;
        filled = 0;
        chunk = chunk();
    }

    @Override
    public void end() {
        // The last chunk was full.
    }
}
