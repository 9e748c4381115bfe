package org.pgark.repository;

import java.util.random.RandomGenerator;

/**
 * Which repository this is, whatever place it is kept in.
 *
 * @param value 32 lower-case hexadecimal digits
 */
public record RepositoryId(String value) {
    public RepositoryId {
        if (!value.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException(
                    "invalid repository id \"" + value + "\", must be 32 hexadecimal digits");
        }
    }

    /** A new one, drawn from {@code random}. */
    public static RepositoryId random(RandomGenerator random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return new RepositoryId(java.util.HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
