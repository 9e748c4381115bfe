package org.pgark.repository.care;

import org.pgark.repository.frame.ObjectId;

/**
 * A part of all objects, chosen by what their names begin with: names are random, so that equal arcs hold about equally
 * many bytes. The ring has 65,536 points.
 *
 * @param from the first point
 * @param length the number of points, 1 to 65,536; the arc goes on at point 0 behind the last
 */
public record Arc(int from, int length) {
    /** The number of points. */
    public static final int POINTS = 1 << 16;

    public Arc {
        if (from < 0 || from >= POINTS || length < 1 || length > POINTS) {
            throw new IllegalArgumentException("invalid arc of " + length + " points from " + from);
        }
    }

    /** Whether a point lies in it. */
    public boolean contains(int point) {
        return Math.floorMod(point - from, POINTS) < length;
    }

    /** Whether a pack belongs to it. */
    public boolean contains(ObjectId pack) {
        return contains((int) (pack.high() >>> 48));
    }

    /** Whether an object belongs to it that has no random name. */
    public boolean containsNamed(String name) {
        // The upper half of the product mixes what strings that differ in their end only leave alike.
        long mixed = (name.hashCode() & 0xFFFF_FFFFL) * 0x9E37_79B9_7F4A_7C15L;
        return contains((int) (mixed >>> 48));
    }

    /** Where the next arc begins. */
    public int end() {
        return Math.floorMod(from + length, POINTS);
    }
}
