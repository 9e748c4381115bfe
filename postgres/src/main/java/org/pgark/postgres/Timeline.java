package org.pgark.postgres;

import java.util.Locale;

/**
 * A timeline of a cluster: 1 for the first, a higher number after each promotion or point-in-time recovery.
 *
 * @param id the number, 1 or more, at most 2^31-1
 */
public record Timeline(int id) implements Comparable<Timeline> {
    /** The timeline of a cluster that has never been promoted. */
    public static final Timeline FIRST = new Timeline(1);

    public Timeline {
        if (id < 1) {
            throw new IllegalArgumentException(
                    "invalid timeline " + Integer.toUnsignedString(id) + ", must be 1 or more");
        }
    }

    /**
     * Reads the eight hexadecimal digits that begin a WAL file's name.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Timeline parseHex(String text) {
        if (!text.matches("[0-9A-F]{8}")) {
            throw new IllegalArgumentException("invalid timeline \"" + text + "\", must be 8 hexadecimal digits");
        }
        return new Timeline(Integer.parseUnsignedInt(text, 16));
    }

    /** The eight hexadecimal digits that begin a WAL file's name. */
    public String toHex() {
        return String.format(Locale.ROOT, "%08X", id);
    }

    /** The name of the file that tells where this timeline came from, for example {@code 00000002.history}. */
    public String historyFileName() {
        return toHex() + ".history";
    }

    @Override
    public int compareTo(Timeline other) {
        return Integer.compare(id, other.id);
    }

    @Override
    public String toString() {
        return Integer.toString(id);
    }
}
