package org.pgark.postgres;

/**
 * The 64-bit number that initdb gives a cluster and that its pg_control and every WAL segment carry.
 *
 * @param value the number, to be read as unsigned
 */
public record SystemIdentifier(long value) {
    /**
     * Reads the decimal form.
     *
     * @throws IllegalArgumentException if the text is not an unsigned 64-bit decimal number
     */
    public static SystemIdentifier parse(String text) {
        try {
            return new SystemIdentifier(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "invalid system identifier \"" + text + "\", must be a decimal number", e);
        }
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
