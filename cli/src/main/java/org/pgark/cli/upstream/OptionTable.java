package org.pgark.cli.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options that a program takes. Each has one name by which the program's code knows it: its long spelling, or its
 * letter where it has no long one. The order of the long spellings counts: GNU's message about an ambiguous
 * abbreviation lists them in it.
 */
public final class OptionTable {
    private final List<LongOption> longOptions;
    private final Map<Integer, ShortOption> letters;

    private OptionTable(List<LongOption> longOptions, Map<Integer, ShortOption> letters) {
        this.longOptions = List.copyOf(longOptions);
        this.letters = Map.copyOf(letters);
    }

    /** A table to fill. */
    public static Builder builder() {
        return new Builder();
    }

    List<LongOption> longOptions() {
        return longOptions;
    }

    Optional<ShortOption> letter(int codePoint) {
        return Optional.ofNullable(letters.get(codePoint));
    }

    /** Collects options in the order in which the program documents them. */
    public static final class Builder {
        private final List<LongOption> longOptions = new ArrayList<>();
        private final Map<Integer, ShortOption> letters = new HashMap<>();

        private Builder() {}

        /** An option without an argument: {@code -x}, {@code --name}. */
        public Builder flag(char letter, String name) {
            return letter(letter, name, ArgumentKind.NONE).spelling(name, name, ArgumentKind.NONE, true);
        }

        /** An option without an argument that has no letter. */
        public Builder flag(String name) {
            return spelling(name, name, ArgumentKind.NONE, true);
        }

        /** An option without an argument that has only a letter, which is its name. */
        public Builder flag(char letter) {
            return letter(letter, String.valueOf(letter), ArgumentKind.NONE);
        }

        /** An option with an argument: {@code -x VALUE}, {@code --name=VALUE}. */
        public Builder value(char letter, String name) {
            return letter(letter, name, ArgumentKind.REQUIRED).spelling(name, name, ArgumentKind.REQUIRED, true);
        }

        /** An option with an argument that has no letter. */
        public Builder value(String name) {
            return spelling(name, name, ArgumentKind.REQUIRED, true);
        }

        /** An option with an argument that has only a letter, which is its name. */
        public Builder value(char letter) {
            return letter(letter, String.valueOf(letter), ArgumentKind.REQUIRED);
        }

        /** An option with an argument that may be left out: {@code --name}, {@code --name=VALUE}. */
        public Builder optionalValue(String name) {
            return spelling(name, name, ArgumentKind.OPTIONAL, true);
        }

        /** Another long spelling of the option {@code name}, which stands in the table already. */
        public Builder alias(String spelling, String name) {
            return spelling(spelling, name, kind(name), true);
        }

        /** Another letter of the option {@code name}, which stands in the table already. */
        public Builder alias(char letter, String name) {
            return letter(letter, name, kind(name));
        }

        /**
         * An option with an argument that PostgreSQL's program does not have. It must be typed in full, so that every
         * abbreviation means what it means there.
         */
        public Builder ownValue(String name) {
            return spelling(name, name, ArgumentKind.REQUIRED, false);
        }

        /** An option without an argument that PostgreSQL's program does not have; it must be typed in full. */
        public Builder ownFlag(String name) {
            return spelling(name, name, ArgumentKind.NONE, false);
        }

        /** The table. */
        public OptionTable build() {
            return new OptionTable(longOptions, letters);
        }

        private ArgumentKind kind(String name) {
            return longOptions.stream()
                    .filter(option -> option.name().equals(name))
                    .map(LongOption::kind)
                    .findFirst()
                    .or(() -> letters.values().stream()
                            .filter(option -> option.name().equals(name))
                            .map(ShortOption::kind)
                            .findFirst())
                    .orElseThrow(() -> new IllegalArgumentException("no option \"" + name + "\""));
        }

        private Builder spelling(String spelling, String name, ArgumentKind kind, boolean abbreviable) {
            if (longOptions.stream().anyMatch(option -> option.spelling().equals(spelling))) {
                throw new IllegalArgumentException("option \"" + spelling + "\" is there twice");
            }
            longOptions.add(new LongOption(spelling, name, kind, abbreviable));
            return this;
        }

        private Builder letter(char letter, String name, ArgumentKind kind) {
            if (letters.put((int) letter, new ShortOption(name, kind)) != null) {
                throw new IllegalArgumentException("option -" + letter + " is there twice");
            }
            return this;
        }
    }
}
