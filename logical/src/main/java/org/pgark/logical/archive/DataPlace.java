package org.pgark.logical.archive;

import java.util.Objects;
import java.util.Optional;

/** Where the data of an entry is. */
public sealed interface DataPlace {
    /** The comment that a verbose script has for it. */
    Optional<String> comment();

    /**
     * In a custom archive.
     *
     * @param state whether the offset counts
     * @param offset in bytes from the file's start
     */
    record Offset(State state, long offset) implements DataPlace {
        /** What a table of contents says of an offset, in the order of its numbers, from 1. */
        enum State {
            NOT_SET,
            SET,
            NO_DATA
        }

        /** Checks that all is there. */
        public Offset {
            Objects.requireNonNull(state, "state is null");
        }

        @Override
        public Optional<String> comment() {
            return Optional.of("-- Data Pos: " + offset);
        }
    }

    /**
     * In a directory or tar archive.
     *
     * @param name the file's name, or empty
     */
    record File(String name) implements DataPlace {
        /** Checks that all is there. */
        public File {
            Objects.requireNonNull(name, "name is null");
        }

        @Override
        public Optional<String> comment() {
            return name.isEmpty() ? Optional.empty() : Optional.of("-- File: " + name);
        }
    }
}
