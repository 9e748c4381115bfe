package org.pgark.postgres.wal;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of bytes that is compared by content. */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of a range. */
    public static Bytes copyOf(byte[] source, int offset, int length) {
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(source, offset, offset + length));
    }

    /** These bytes and a range of others behind them. */
    Bytes plus(byte[] source, int offset, int length) {
        byte[] joined = Arrays.copyOf(content, content.length + length);
        System.arraycopy(source, offset, joined, content.length, length);
        return new Bytes(joined);
    }

    /** How many bytes there are. */
    public int length() {
        return content.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content);
    }
}
