package org.pgark.cli.upstream;

import java.util.Objects;

/**
 * One long spelling of an option.
 *
 * @param spelling what is typed after the two dashes
 * @param name the name by which the program knows the option
 * @param kind whether it takes an argument
 * @param abbreviable whether a unique beginning is enough
 */
record LongOption(String spelling, String name, ArgumentKind kind, boolean abbreviable) {
    LongOption {
        Objects.requireNonNull(kind, "kind is null");
        if (spelling.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("an option needs a name");
        }
    }

    /** Whether it makes no difference which of the two was meant. */
    boolean sameAs(LongOption other) {
        return name.equals(other.name) && kind == other.kind;
    }
}
