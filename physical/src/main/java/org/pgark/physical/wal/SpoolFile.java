package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Small text files of a spool: replaced at once, and told from unfinished ones by their first and last line. */
final class SpoolFile {
    private static final String LAST_LINE = "end";
    private static final long MOST_BYTES = 64 << 10;

    private SpoolFile() {}

    /** Writes a file whose lines are between {@code format} and {@code end}; nobody sees a part of it. */
    static void write(Path file, String format, List<String> lines) throws IOException {
        replace(file, format + "\n" + String.join("\n", lines) + "\n" + LAST_LINE + "\n");
    }

    /** Writes a file; nobody sees a part of it. */
    static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "." + Thread.currentThread().threadId());
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** The lines between the first and the last; empty if the file is gone, of another form or not finished. */
    static Optional<List<String>> read(Path file, String format) throws IOException {
        byte[] content;
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() < 2
                || !lines.getFirst().equals(format)
                || !lines.getLast().equals(LAST_LINE)) {
            return Optional.empty();
        }
        return Optional.of(lines.subList(1, lines.size() - 1));
    }
}
