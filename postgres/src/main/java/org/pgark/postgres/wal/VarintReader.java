package org.pgark.postgres.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Reads what {@link VarintWriter} wrote. Throws {@link BufferUnderflowException} where the bytes end too early and
 * {@link IllegalArgumentException} where they make no sense.
 */
final class VarintReader {
    private final ByteBuffer in;

    VarintReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number of more than 64 bits");
    }

    long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number that fits into an int and is not negative. */
    int integer() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("number " + Long.toUnsignedString(value) + " is too great");
        }
        return (int) value;
    }

    Bytes bytes() {
        int length = integer();
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] value = new byte[length];
        in.get(value);
        return Bytes.copyOf(value, 0, length);
    }

    String text() {
        return new String(bytes().toArray(), UTF_8);
    }
}
