package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a front asks for.
 *
 * @param file where the request lies, named {@code NAME.TOKEN.want}
 * @param name the name of the WAL file
 * @param directory the front's working directory, which is a data directory
 * @param path the file to push, or to where it will be moved when it is fetched
 */
public record Request(Path file, String name, Path directory, Path path) {
    /** How the names of request files end. */
    public static final String SUFFIX = ".want";

    private static final String FORMAT = "pgark request 1";

    /** The request in a file; empty while the front is still writing it. */
    public static Optional<Request> read(Path file) throws IOException {
        String fileName = String.valueOf(file.getFileName());
        int token = fileName.lastIndexOf('.', fileName.length() - SUFFIX.length() - 1);
        Optional<List<String>> lines = SpoolFile.read(file, FORMAT);
        if (token < 1 || lines.isEmpty() || lines.get().size() != 2) {
            return Optional.empty();
        }
        try {
            Path directory = Path.of(lines.get().getFirst());
            return Optional.of(new Request(
                    file,
                    fileName.substring(0, token),
                    directory,
                    directory.resolve(lines.get().getLast())));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Takes the request away, by which the front sees that somebody is at it. */
    public void accept() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Where a fetched file lies that is for this front only. */
    public Path ownFile() {
        return beside(".running");
    }

    private Path beside(String ending) {
        String fileName = String.valueOf(file.getFileName());
        return file.resolveSibling(fileName.substring(0, fileName.length() - SUFFIX.length()) + ending);
    }

    /** Answers the front that waits for it. */
    public void answer(Answer answer) throws IOException {
        answer.write(beside(Answer.SUFFIX));
    }
}
