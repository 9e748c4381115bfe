package org.pgark.cli.upstream;

import java.util.Optional;

/**
 * An option as it was found on the command line.
 *
 * @param name the name by which the program knows it
 * @param argument its argument
 */
public record GivenOption(String name, Optional<String> argument) {
    /** The argument of an option that always has one. */
    public String value() {
        return argument.orElseThrow(() -> new IllegalStateException("option \"" + name + "\" takes no argument"));
    }
}
