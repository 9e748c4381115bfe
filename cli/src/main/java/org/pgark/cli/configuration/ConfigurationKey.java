package org.pgark.cli.configuration;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The one declaration of a key, from which reading, checking, its variable and its documentation follow.
 *
 * @param pattern the dotted path; a part {@code NAME} stands for any name
 * @param type what the value must be
 * @param defaultValue what counts where nothing is said
 * @param secrecy whether a value must be hidden from others
 * @param help what the key is for, in sentences
 */
record ConfigurationKey<T>(
        String pattern, ValueType<T> type, DefaultValue defaultValue, Predicate<T> secrecy, String help) {
    static final String NAME = "NAME";

    ConfigurationKey(String pattern, ValueType<T> type, DefaultValue defaultValue, String help) {
        this(pattern, type, defaultValue, value -> false, help);
    }

    ConfigurationKey<T> secretIf(Predicate<T> condition) {
        return new ConfigurationKey<>(pattern, type, defaultValue, condition, help);
    }

    List<String> parts() {
        return List.of(pattern.split("\\."));
    }

    /** The path with a name in its place. */
    String path(String name) {
        return pattern.replace(NAME, name);
    }

    /** What counts where nothing is said, if it is a fixed value. */
    T fixedDefault() {
        return switch (defaultValue) {
            case DefaultValue.Fixed fixed -> type.parse(fixed.text());
            case DefaultValue.Described described ->
                throw new IllegalStateException("no fixed default of \"" + pattern + "\": " + described.description());
        };
    }

    /** The environment variable, with {@code NAME} for a name in capitals: {@code PGARK_REPOSITORY_NAME_URL}. */
    String variable() {
        return "PGARK_" + pattern.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
