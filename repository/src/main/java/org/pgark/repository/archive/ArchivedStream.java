package org.pgark.repository.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The content of one archived file, decompressed frame by frame as it is read. Not for several threads at once. */
final class ArchivedStream extends InputStream {
    private final ArchivedObject.Content content;
    private final Runnable release;
    private ByteBuffer frame = ByteBuffer.allocate(0);
    private boolean open = true;

    /**
     * Reads an object.
     *
     * @param release gives back what the object is read with; run once, when the stream is closed
     */
    ArchivedStream(ArchivedObject object, Runnable release) {
        this.content = object.content();
        this.release = release;
    }

    private boolean atEnd() throws IOException {
        if (!open) {
            throw new IOException("stream is closed");
        }
        while (!frame.hasRemaining()) {
            Optional<ByteBuffer> next = content.next();
            if (next.isEmpty()) {
                return true;
            }
            frame = next.get();
        }
        return false;
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
