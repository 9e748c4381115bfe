package org.pgark.physical.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands at the beginning of an incremental file, as PostgreSQL 17 and later send it: a magic number, how many pages
 * follow, how long the file is at least in pages, and the numbers of the pages that follow, each of four little-endian
 * bytes; then, if there are pages, zeros up to the next whole page.
 */
final class IncrementalHeader {
    /** What the name of such a file begins with. */
    static final String PREFIX = "INCREMENTAL.";

    static final int PAGE = 8192;

    private static final int MAGIC = 0xd3ae1f0d;
    private static final int FIXED = 12;

    private final String path;
    private final int mostBlocks;
    private byte[] bytes = new byte[FIXED];
    private int filled;
    private int count = -1;
    private int truncation;

    /**
     * @param path of the file
     * @param mostBlocks pages of a relation's file before the next one begins
     */
    IncrementalHeader(String path, int mostBlocks) {
        this.path = path;
        this.mostBlocks = mostBlocks;
    }

    /** Takes what belongs to it of some bytes, and says how many that were. */
    int take(byte[] source, int offset, int length) throws UnusableChangesException {
        int taken = 0;
        while (taken < length && filled < bytes.length) {
            int more = Math.min(length - taken, bytes.length - filled);
            System.arraycopy(source, offset + taken, bytes, filled, more);
            filled += more;
            taken += more;
            if (filled == FIXED && count < 0) {
                decode();
            }
        }
        return taken;
    }

    private void decode() throws UnusableChangesException {
        int magic = number(0);
        count = number(4);
        int length = number(8);
        if (magic != MAGIC || count < 0 || count > mostBlocks || length < 0) {
            throw new UnusableChangesException(
                    "incremental file of \"" + path + "\" begins with " + Integer.toHexString(magic) + ", " + count
                            + " pages, " + Integer.toUnsignedString(length) + " pages long");
        }
        // Servers before 17.8 and 18.2 give that of the whole relation here.
        truncation = Math.min(length, mostBlocks);
        int headerBytes = FIXED + 4 * count;
        if (count > 0) {
            headerBytes = (headerBytes + PAGE - 1) / PAGE * PAGE;
        }
        byte[] whole = new byte[headerBytes];
        System.arraycopy(bytes, 0, whole, 0, FIXED);
        bytes = whole;
    }

    private int number(int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    /** Whether all of it was taken. */
    boolean isComplete() {
        return count >= 0 && filled == bytes.length;
    }

    /** How many pages follow. */
    int count() {
        return count;
    }

    /** The number of one of them in the file. */
    int block(int index) {
        return number(FIXED + 4 * index);
    }

    /**
     * How long the whole file is.
     *
     * @throws UnusableChangesException if the pages are not in order
     */
    long fileBytes() throws UnusableChangesException {
        int before = -1;
        for (int index = 0; index < count; index++) {
            if (block(index) <= before || block(index) >= mostBlocks) {
                throw new UnusableChangesException(
                        "incremental file of \"" + path + "\" has page " + block(index) + " behind page " + before);
            }
            before = block(index);
        }
        return Math.max(truncation, before + 1) * (long) PAGE;
    }
}
