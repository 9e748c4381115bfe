package org.pgark.repository;

import java.util.random.RandomGenerator;

/**
 * Names one incarnation of a cluster inside a repository.
 *
 * @param value 16 lower-case hexadecimal digits
 */
public record ClusterId(String value) {
    public ClusterId {
        if (!value.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("invalid cluster id \"" + value + "\", must be 16 hexadecimal digits");
        }
    }

    /** A new one, drawn from {@code random}. */
    public static ClusterId random(RandomGenerator random) {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return new ClusterId(java.util.HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
