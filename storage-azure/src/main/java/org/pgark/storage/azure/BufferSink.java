package org.pgark.storage.azure;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A stream into a buffer. */
final class BufferSink extends OutputStream {
    private final ByteBuffer target;

    BufferSink(ByteBuffer target) {
        this.target = target;
    }

    @Override
    public void write(int value) {
        target.put((byte) value);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        target.put(source, offset, length);
    }
}
