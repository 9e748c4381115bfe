package org.pgark.cli.upstream;

import java.util.Objects;

/**
 * The letter of an option.
 *
 * @param name the name by which the program knows the option
 * @param kind whether it takes an argument
 */
record ShortOption(String name, ArgumentKind kind) {
    ShortOption {
        Objects.requireNonNull(kind, "kind is null");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an option needs a name");
        }
    }
}
