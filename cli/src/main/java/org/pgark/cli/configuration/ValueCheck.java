package org.pgark.cli.configuration;

import java.util.Optional;

/** Turns what was written for a key into a value, or says what is wrong with it. */
final class ValueCheck {
    private ValueCheck() {}

    /** Puts the value among the others; returns the problem if it is not what the key wants. */
    static <T> Optional<Problem> put(
            ConfigurationKey<T> key, String path, String text, Location location, ConfigurationValues values) {
        try {
            values.put(path, key.type().parse(text), location);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            return Optional.of(
                    reason.startsWith(": ")
                            ? new Problem(location, "invalid value of \"" + path + "\"" + reason, "")
                            : new Problem(
                                    location,
                                    "invalid value \"" + text + "\" of \"" + path + "\", must be "
                                            + key.type().form(),
                                    ""));
        }
    }

    /** Whether the value of a key must be hidden from others. */
    static <T> boolean isSecret(ConfigurationKey<T> key, String name, ConfigurationValues values) {
        return values.find(key, name).map(key.secrecy()::test).orElse(false);
    }
}
