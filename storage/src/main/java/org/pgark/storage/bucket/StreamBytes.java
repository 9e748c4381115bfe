package org.pgark.storage.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.pgark.storage.RepeatedRequests;

/** Reads a stream into a buffer. */
public final class StreamBytes {
    private static final int CHUNK = 64 << 10;

    private StreamBytes() {}

    /**
     * Fills {@code target}; what came before a failure is in it.
     *
     * @throws IOException if the stream breaks or ends before the target is full
     */
    public static void fill(InputStream stream, ByteBuffer target) throws IOException {
        if (target.hasArray()) {
            fillArray(stream, target);
            return;
        }
        byte[] chunk = new byte[Math.min(CHUNK, target.remaining())];
        while (target.hasRemaining()) {
            int count = stream.read(chunk, 0, Math.min(chunk.length, target.remaining()));
            if (count < 0) {
                throw new IOException("the stream ended " + target.remaining() + " bytes early");
            }
            target.put(chunk, 0, count);
        }
    }

    /** Likewise, for who reads what is missing if the stream breaks, which counts as one more request. */
    public static void begin(InputStream stream, ByteBuffer target) {
        try {
            fill(stream, target);
        } catch (IOException e) {
            RepeatedRequests.add();
        }
    }

    private static void fillArray(InputStream stream, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            int count = stream.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            if (count < 0) {
                throw new IOException("the stream ended " + target.remaining() + " bytes early");
            }
            target.position(target.position() + count);
        }
    }
}
