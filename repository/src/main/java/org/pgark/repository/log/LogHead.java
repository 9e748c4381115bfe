package org.pgark.repository.log;

/**
 * The end of a log.
 *
 * @param number the number of the last entry; 0 if there is none
 * @param sha256 the hash of that entry's object, as 64 hexadecimal digits; zeros if there is none
 * @param state the state after it
 * @param <S> what a log amounts to
 */
public record LogHead<S>(long number, String sha256, S state) {
    /** The hash before the first entry. */
    static final String NOTHING = "0".repeat(64);
}
