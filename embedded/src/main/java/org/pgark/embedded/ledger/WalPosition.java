package org.pgark.embedded.ledger;

/**
 * A position in the write-ahead log as a server says it, for example {@code 16/3002D50}.
 *
 * @param value the byte offset, to be read as unsigned
 */
public record WalPosition(long value) implements Comparable<WalPosition> {
    /** Beyond every position. */
    static final WalPosition UNKNOWN_END = new WalPosition(-1L);

    /**
     * Reads the textual form.
     *
     * @throws IllegalArgumentException if the text has not the form {@code X/X}
     */
    public static WalPosition parse(String text) {
        int slash = text.indexOf('/');
        try {
            long high = Long.parseUnsignedLong(text.substring(0, Math.max(0, slash)), 16);
            long low = Long.parseUnsignedLong(text.substring(slash + 1), 16);
            return new WalPosition(high << 32 | low);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid LSN \"" + text + "\", must be like \"16/3002D50\"", e);
        }
    }

    boolean isBefore(WalPosition other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(WalPosition other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%X/%X", value >>> 32, value & 0xFFFF_FFFFL);
    }
}
