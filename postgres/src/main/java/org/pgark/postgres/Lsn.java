package org.pgark.postgres;

/**
 * A position in the write-ahead log: a 64-bit unsigned byte offset, written by PostgreSQL as two hexadecimal numbers of
 * up to eight digits, for example {@code 16/3002D50}.
 *
 * @param value the byte offset, to be read as unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {
    /** The position that PostgreSQL uses for "none". */
    public static final Lsn ZERO = new Lsn(0);

    /**
     * Reads the textual form.
     *
     * @throws IllegalArgumentException if the text has not the form {@code X/X}
     */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw malformed(text);
        }
        try {
            long high = Long.parseLong(text, 0, slash, 16);
            long low = Long.parseLong(text, slash + 1, text.length(), 16);
            if (text.charAt(0) == '+'
                    || text.charAt(0) == '-'
                    || high < 0
                    || low < 0
                    || text.charAt(slash + 1) == '+') {
                throw malformed(text);
            }
            return new Lsn(high << 32 | low);
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("invalid LSN \"" + text + "\", must be like \"16/3002D50\"");
    }

    /** This position moved forward by {@code bytes} (backward if negative). */
    public Lsn plus(long bytes) {
        return new Lsn(value + bytes);
    }

    /** The number of bytes from {@code other} up to here. */
    public long minus(Lsn other) {
        return value - other.value;
    }

    /** Whether this position lies before {@code other}. */
    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    /** Whether this position lies after {@code other}. */
    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
