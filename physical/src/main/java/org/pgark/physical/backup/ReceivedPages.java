package org.pgark.physical.backup;

import java.nio.ByteBuffer;

/** A stretch of a file that was received; it cannot be had a second time. */
final class ReceivedPages implements PageSource {
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final long position;

    /**
     * @param offset where the stretch begins in {@code bytes}
     * @param position where it begins in the file
     */
    ReceivedPages(byte[] bytes, int offset, int length, long position) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.position = position;
    }

    @Override
    public boolean fill(long from, ByteBuffer target) {
        int skipped = Math.toIntExact(from - position);
        int count = Math.min(target.remaining(), length - skipped);
        target.put(bytes, offset + skipped, count);
        return !target.hasRemaining();
    }

    @Override
    public boolean mayChange() {
        return false;
    }
}
