package org.pgark.repository.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.pgark.repository.frame.DamagedObjectException;

/** The content of one archived file, decompressed frame by frame as it is read. Not for several threads at once. */
final class ArchivedStream extends InputStream {
    private final Relief relief;
    private final Runnable release;
    private ArchivedObject.Content content;
    private long delivered;
    private ByteBuffer frame = ByteBuffer.allocate(0);
    private boolean open = true;

    /** Finds what has the same content as an object that turns out to be damaged. */
    interface Relief {
        /** From its beginning on; fails with {@code damage} if there is none. */
        ArchivedObject.Content insteadOf(DamagedObjectException damage) throws IOException;
    }

    /**
     * Reads an object.
     *
     * @param relief asked when the object is damaged
     * @param release gives back what the object is read with; run once, when the stream is closed
     */
    ArchivedStream(ArchivedObject object, Relief relief, Runnable release) {
        this.content = object.content();
        this.relief = relief;
        this.release = release;
    }

    private boolean atEnd() throws IOException {
        if (!open) {
            throw new IOException("stream is closed");
        }
        while (!frame.hasRemaining()) {
            Optional<ByteBuffer> next = nextFrame();
            if (next.isEmpty()) {
                return true;
            }
            frame = next.get();
            delivered += frame.remaining();
        }
        return false;
    }

    private Optional<ByteBuffer> nextFrame() throws IOException {
        try {
            return content.next();
        } catch (DamagedObjectException e) {
            content = relief.insteadOf(e);
            long skipped = 0;
            Optional<ByteBuffer> next = content.next();
            while (next.isPresent() && skipped + next.get().remaining() <= delivered) {
                skipped += next.get().remaining();
                next = content.next();
            }
            long rest = delivered - skipped;
            next.ifPresent(raw -> raw.position(raw.position() + (int) rest));
            return next;
        }
    }

    @Override
    public int read() throws IOException {
        return atEnd() ? -1 : Byte.toUnsignedInt(frame.get());
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (atEnd()) {
            return -1;
        }
        int count = Math.min(length, frame.remaining());
        frame.get(target, offset, count);
        return count;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            release.run();
        }
    }
}
