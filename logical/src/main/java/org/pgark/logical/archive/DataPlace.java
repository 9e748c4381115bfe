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
        /** What a table of contents says of an offset. */
        enum State {
            NOT_SET(1),
            SET(2),
            NO_DATA(3);

            private final int flag;

            State(int flag) {
                this.flag = flag;
            }

            /** The byte before an offset. */
            int flag() {
                return flag;
            }

            static State of(int flag) throws ArchiveException {
                for (State state : values()) {
                    if (state.flag == flag) {
                        return state;
                    }
                }
                throw new ArchiveException("unexpected data offset flag " + flag);
            }
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
