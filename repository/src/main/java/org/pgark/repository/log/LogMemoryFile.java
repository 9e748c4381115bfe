package org.pgark.repository.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A file that remembers the end of one log: a line with the number of the last entry that was seen, a space, and the
 * SHA-256 of its object. It is replaced as a whole.
 */
public final class LogMemoryFile implements LogMemory {
    private final Path file;

    /** Remembers in {@code file}, whose folders are made when they are needed. */
    public LogMemoryFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    @Override
    public Optional<SeenEntry> recall() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] words =
                    Files.readString(file, StandardCharsets.ISO_8859_1).strip().split(" ", -1);
            if (words.length != 2) {
                throw new IllegalArgumentException("not a number and a hash");
            }
            return Optional.of(new SeenEntry(Long.parseLong(words[0]), words[1]));
        } catch (IOException | IllegalArgumentException e) {
            log("cannot read which log entry was seen last", e);
            return Optional.empty();
        }
    }

    @Override
    public void remember(SeenEntry entry) {
        if (recall().filter(known -> known.number() >= entry.number()).isPresent()) {
            return;
        }
        try {
            Path folder = file.resolveSibling("");
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(folder, file.getFileName() + ".", ".new");
            try {
                Files.writeString(fresh, entry.number() + " " + entry.sha256() + "\n");
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            log("cannot remember which log entry was seen last", e);
        }
    }

    /** Loads what logging needs only here, since commands start without it. */
    private void log(String message, Exception cause) {
        System.getLogger(LogMemoryFile.class.getName())
                .log(System.Logger.Level.DEBUG, message + ", file \"" + file + "\"", cause);
    }

    @Override
    public String place() {
        return file.toString();
    }
}
