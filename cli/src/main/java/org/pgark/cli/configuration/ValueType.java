package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;
import org.pgark.storage.RateSchedule;
import org.pgark.storage.RepositoryUrl;

/**
 * What the value of a key must be.
 *
 * @param form the words that follow "must be" in messages and in the documentation
 * @param number whether TOML writes it as a number, without quotes
 * @param parser turns text into a value, or throws IllegalArgumentException; a message that begins with a colon is added
 *     to what is told, any other is replaced by the form
 */
record ValueType<T>(String form, boolean number, Function<String, T> parser) {
    private static final String FLAG_FORM = "true or false";
    private static final String NAMES_FORM =
            "a name of a-z, 0-9 and _ that begins with a letter, or several like [\"main\", \"vault\"]";
    static final String NAME_FORM = "[a-z][a-z0-9_]*";

    T parse(String text) {
        return parser.apply(text);
    }

    static ValueType<Path> folder() {
        return new ValueType<>("an absolute path", false, text -> {
            Path path = Path.of(text);
            require(path.isAbsolute());
            return path.normalize();
        });
    }

    static ValueType<RepositoryUrl> repositoryAddress() {
        return new ValueType<>(
                "a URL like \"file:/var/lib/pgark/repository\" or \"s3://bucket/prefix\"", false, RepositoryUrl::parse);
    }

    static ValueType<ConnectionString> connection() {
        return new ValueType<>("a connection string like \"host=/tmp port=5433\" or a URI", false, text -> {
            try {
                return ConnectionString.parse(text);
            } catch (InvalidConnectionSettingsException e) {
                throw new IllegalArgumentException(": " + e.getMessage(), e);
            }
        });
    }

    static ValueType<String> flag() {
        return new ValueType<>(FLAG_FORM, false, text -> {
            require(text.equals("true") || text.equals("false"));
            return text;
        });
    }

    static ValueType<String> anyText() {
        return matching(".+", "a text");
    }

    /** Whether TOML writes it as {@code true} or {@code false}, without quotes. */
    boolean isFlag() {
        return form.equals(FLAG_FORM);
    }

    /** One name, or several, which TOML writes as an array and a variable with commas between them. */
    static ValueType<List<String>> names() {
        return new ValueType<>(NAMES_FORM, false, text -> {
            List<String> names = List.of(text.strip().split("\\s*,\\s*", -1));
            names.forEach(name -> require(name.matches(NAME_FORM)));
            return names;
        });
    }

    /** Whether TOML may write it as an array of texts. */
    boolean isList() {
        return form.equals(NAMES_FORM);
    }

    static ValueType<String> matching(String pattern, String form) {
        return new ValueType<>(form, false, text -> {
            require(text.matches(pattern));
            return text;
        });
    }

    static ValueType<String> choice(List<String> choices) {
        return new ValueType<>(
                String.join(
                        " or ",
                        choices.stream().map(choice -> "\"" + choice + "\"").toList()),
                false,
                text -> {
                    require(choices.contains(text));
                    return text;
                });
    }

    static ValueType<Integer> wholeNumber(int smallest, int largest) {
        return new ValueType<>("a whole number from " + smallest + " to " + largest, true, text -> {
            int number = Integer.parseInt(text);
            require(number >= smallest && number <= largest);
            return number;
        });
    }

    static ValueType<TimeSpan> timeSpan(String shortest, String longest) {
        return ranged("a time", TimeSpan::parse, shortest, longest);
    }

    static ValueType<ByteSize> byteSize(String smallest, String largest) {
        return ranged("a size", ByteSize::parse, smallest, largest);
    }

    /** Bytes a second, by the time of day. */
    static ValueType<String> rate() {
        return new ValueType<>(
                "a size from \"64KiB\" on, or such with times of day like \"08:00-18:00 5MiB, 50MiB\"", false, text -> {
                    RateSchedule rates = RateSchedule.parse(text);
                    require(rates.otherwise() >= 0);
                    return text;
                });
    }

    private static <V extends Comparable<V>> ValueType<V> ranged(
            String what, Function<String, V> parser, String smallest, String largest) {
        V low = parser.apply(smallest);
        V high = parser.apply(largest);
        return new ValueType<>(what + " from \"" + smallest + "\" to \"" + largest + "\"", false, text -> {
            V value = parser.apply(text);
            require(value.compareTo(low) >= 0 && value.compareTo(high) <= 0);
            return value;
        });
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("out of range");
        }
    }
}
