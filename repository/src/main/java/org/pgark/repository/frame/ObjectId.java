package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The random number that stands in an object's header; a pack is named by it.
 *
 * @param high its first eight bytes, as a big-endian number
 * @param low its last eight bytes
 */
public record ObjectId(long high, long low) implements Comparable<ObjectId> {
    /** Its length in bytes. */
    public static final int LENGTH = 16;

    /** A new one, drawn from {@code random}. */
    public static ObjectId random(RandomGenerator random) {
        return new ObjectId(random.nextLong(), random.nextLong());
    }

    /**
     * Reads the textual form.
     *
     * @throws IllegalArgumentException if the text is not 32 lower-case hexadecimal digits
     */
    public static ObjectId parse(String text) {
        if (!text.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("invalid object id \"" + text + "\", must be 32 hexadecimal digits");
        }
        return new ObjectId(Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, 32, 16));
    }

    /** Reads sixteen bytes from {@code source}, whatever its byte order. */
    static ObjectId get(ByteBuffer source) {
        ByteBuffer bytes = source.duplicate().order(ByteOrder.BIG_ENDIAN);
        source.position(source.position() + LENGTH);
        return new ObjectId(bytes.getLong(), bytes.getLong());
    }

    /** Writes sixteen bytes to {@code target}, whatever its byte order. */
    void put(ByteBuffer target) {
        ByteOrder order = target.order();
        target.order(ByteOrder.BIG_ENDIAN).putLong(high).putLong(low).order(order);
    }

    /*
     * Asked for each frame and at every start: Java makes its own of a record anew in each process, and of calls.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ObjectId id && high == id.high && low == id.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high ^ low);
    }

    @Override
    public int compareTo(ObjectId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
