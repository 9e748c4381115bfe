package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.pgark.physical.failure.OperationException;

/** What the worker answers to a {@link Request}. */
public sealed interface Answer {
    /** How the names of answer files end. */
    String SUFFIX = ".answer";

    /** The file is durable in the archive. */
    record Archived() implements Answer {}

    /**
     * The file is not archived as it must be, but too much waits, so that the server may remove it.
     *
     * @param message one line
     * @param hint one line, may be empty
     */
    record Released(String message, String hint) implements Answer {}

    /** The file was fetched and lies in the spool. */
    record Present() implements Answer {}

    /** What there was of a segment that is still growing lies in the spool, for this front only. */
    record Running() implements Answer {}

    /** It is proven that the archive does not have the file. */
    record Absent() implements Answer {}

    /**
     * It could not be done or found out.
     *
     * @param message one line
     * @param hint one line, may be empty
     */
    record Failed(String message, String hint) implements Answer {
        /** Tells of a failure; line breaks become spaces. */
        public static Failed of(OperationException failure) {
            return new Failed(
                    oneLine(String.valueOf(failure.getMessage())),
                    oneLine(failure.hint().orElse("")));
        }

        private static String oneLine(String text) {
            return text.replaceAll("\\s*\\R\\s*", " ").strip();
        }
    }

    /** Leaves the answer in a file, at once: a word, a message and a hint, each a line. */
    default void write(Path file) throws IOException {
        List<String> lines = switch (this) {
            case Archived() -> List.of("archived", "", "");
            case Released(String message, String hint) -> List.of("released", message, hint);
            case Present() -> List.of("present", "", "");
            case Running() -> List.of("running", "", "");
            case Absent() -> List.of("absent", "", "");
            case Failed(String message, String hint) -> List.of("failed", message, hint);
        };
        SpoolFile.write(file, "pgark answer 1", lines);
    }
}
