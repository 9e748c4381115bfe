package org.pgark.postgres.wal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.pgark.postgres.Lsn;

/**
 * Cuts chunks of any size into pages. A page that lies whole in a chunk with an array is looked at where it lies; only
 * one that a chunk's end cuts, or that comes in a direct buffer, is copied.
 */
final class WalPageFeed {
    private ByteBuffer input = ByteBuffer.allocate(0);
    private byte[] own = new byte[WalPage.LONG_HEADER_BYTES];
    private int filled;

    private byte[] bytes = own;
    private int base;
    private int size = own.length;
    private long start;

    /** @param start the position of the first byte that will be fed */
    WalPageFeed(long start) {
        this.start = start;
    }

    void feed(ByteBuffer chunk) {
        input = chunk;
    }

    /** Goes on until the page is whole; false if more bytes are needed. */
    boolean fill() {
        if (filled == 0 && input.hasArray() && input.remaining() >= size) {
            bytes = input.array();
            base = input.arrayOffset() + input.position();
            input.position(input.position() + size);
            filled = size;
            return true;
        }
        int more = Math.min(size - filled, input.remaining());
        input.get(own, filled, more);
        filled += more;
        bytes = own;
        base = 0;
        return filled == size;
    }

    /** Makes the page that was filled the beginning of a larger one, which is to be filled again. */
    void enlarge(int newSize) {
        byte[] larger = new byte[newSize];
        System.arraycopy(bytes, base, larger, 0, size);
        own = larger;
        size = newSize;
    }

    /** Goes to the next page, which is to be filled. */
    void leave() {
        filled = 0;
        start += size;
    }

    /** The array in which the page lies, with other things before and after it. */
    byte[] bytes() {
        return bytes;
    }

    /** Where in the array the page begins. */
    int base() {
        return base;
    }

    /** How long the page is. */
    int size() {
        return size;
    }

    /** The page's position. */
    long start() {
        return start;
    }

    Lsn position() {
        return new Lsn(start);
    }

    /** Whether the page holds only zeroes from an offset in it on. */
    boolean isZeroFrom(int offset) {
        byte[] none = new byte[size - offset];
        return Arrays.equals(bytes, base + offset, base + size, none, 0, none.length);
    }
}
