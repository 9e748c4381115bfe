package org.pgark.repository.log;

import java.util.Objects;

/**
 * The last entry of a log that a client has seen.
 *
 * @param number its number, from 1
 * @param sha256 the hash of its object, as 64 hexadecimal digits
 */
public record SeenEntry(long number, String sha256) {
    public SeenEntry {
        Objects.requireNonNull(sha256, "sha256 is null");
        if (number < 1 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("invalid log entry " + number + " with hash \"" + sha256 + "\"");
        }
    }
}
