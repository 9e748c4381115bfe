package org.pgark.postgres.connection;

/**
 * A password, which no message shows.
 *
 * @param value the password itself
 */
public record Password(String value) {
    @Override
    public String toString() {
        return "********";
    }
}
