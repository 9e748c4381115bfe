package org.pgark.cli.upstream;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * The word between which psql refuses commands of its own, so that nothing that stands in a dump can reach them.
 *
 * @param text letters and digits
 */
public record RestrictKey(String text) {
    private static final int LENGTH = 63;
    private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /** The key that was given, or a random one. */
    public static RestrictKey of(Optional<String> given) throws ProgramException {
        String key = given.orElseGet(RestrictKey::random);
        if (key.isEmpty() || !key.chars().allMatch(letter -> LETTERS.indexOf(letter) >= 0)) {
            throw new ProgramException("invalid restrict key");
        }
        return new RestrictKey(key);
    }

    private static String random() {
        SecureRandom random = new SecureRandom();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            key.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return key.toString();
    }
}
