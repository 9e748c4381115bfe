package org.pgark.postgres.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Writes numbers in as few bytes as they need: seven bits in each, lowest first, the eighth says that more follow. */
final class VarintWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A number that is to be read as unsigned. */
    void number(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }

    /** A number that may be negative, short when it is near zero. */
    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    void bytes(byte[] value) {
        number(value.length);
        out.writeBytes(value);
    }

    void text(String value) {
        bytes(value.getBytes(UTF_8));
    }

    byte[] toArray() {
        return out.toByteArray();
    }
}
