package org.pgark.postgres.wal;

import java.nio.charset.StandardCharsets;

/**
 * A stretch of a WAL record's content, as a view into the reader's memory: valid as long as the {@link WalRecord} it came
 * from. Numbers are little-endian and may stand at any offset. Reading beyond the end throws {@link
 * IndexOutOfBoundsException}.
 */
public final class RecordPart {
    static final RecordPart EMPTY = new RecordPart(new byte[0], 0, 0);

    private final byte[] bytes;
    private final int offset;
    private final int length;

    RecordPart(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** A part without content. */
    public static RecordPart empty() {
        return EMPTY;
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** An unsigned byte. */
    public int unsignedByte(int at) {
        return LittleEndian.unsignedByte(bytes, place(at, Byte.BYTES));
    }

    /** A signed byte. */
    public int signedByte(int at) {
        return bytes[place(at, Byte.BYTES)];
    }

    /** Whether a byte, a C {@code bool}, is not zero. */
    public boolean isSet(int at) {
        return unsignedByte(at) != 0;
    }

    /** An unsigned 16-bit number. */
    public int unsignedShort(int at) {
        return LittleEndian.unsignedShort(bytes, place(at, Short.BYTES));
    }

    /** An unsigned 32-bit number. */
    public long unsignedInt(int at) {
        return Integer.toUnsignedLong(signedInt(at));
    }

    /** A signed 32-bit number. */
    public int signedInt(int at) {
        return LittleEndian.integer(bytes, place(at, Integer.BYTES));
    }

    /** A 64-bit number. */
    public long longInteger(int at) {
        return LittleEndian.longInteger(bytes, place(at, Long.BYTES));
    }

    /** A 64-bit floating-point number. */
    public double floating(int at) {
        return Double.longBitsToDouble(longInteger(at));
    }

    /** The text up to the first zero byte, or up to the end; a byte is a character, whatever the encoding was. */
    public String text(int at) {
        int begin = place(at, 0);
        int end = begin;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    /** Copies the content from an offset on. */
    public void copyTo(int at, byte[] target, int targetOffset, int count) {
        System.arraycopy(bytes, place(at, count), target, targetOffset, count);
    }

    private int place(int at, int size) {
        if (at < 0 || at > length - size) {
            throw new IndexOutOfBoundsException(length + " bytes have no " + size + " bytes at " + at);
        }
        return offset + at;
    }
}
