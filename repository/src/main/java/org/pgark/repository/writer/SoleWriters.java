package org.pgark.repository.writer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where a host keeps the words by which it is the writer of repositories: for each a file with the word and the name of the
 * host, so that a copy of the host under another name is not taken for it. A copy that has the same name is: neither knows of
 * the other.
 */
public final class SoleWriters {
    /** Writer of none. */
    public static final SoleWriters NONE = new SoleWriters(Optional.empty(), "");

    private final Optional<Path> folder;
    private final String host;

    private SoleWriters(Optional<Path> folder, String host) {
        this.folder = folder;
        this.host = host;
    }

    /** In a folder of the host {@code host}, which is made when it is needed. */
    public static SoleWriters in(Path folder, String host) {
        return new SoleWriters(Optional.of(folder.toAbsolutePath()), host);
    }

    /** The word for a repository; empty if this host has none. */
    Optional<String> word(String repository) throws IOException {
        if (folder.isEmpty() || !Files.exists(folder.get().resolve(repository))) {
            return Optional.empty();
        }
        String[] lines = Files.readString(folder.get().resolve(repository), StandardCharsets.UTF_8)
                .split("\n", -1);
        return lines.length == 3 && lines[1].equals(host) ? Optional.of(lines[0]) : Optional.empty();
    }

    void keep(String repository, String word) throws IOException {
        Path place = made(repository);
        Path fresh = place.resolveSibling(repository + ".new");
        Files.writeString(fresh, word + "\n" + host + "\n");
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    NameLocks locks(String repository) throws IOException {
        return NameLocks.in(made(repository + ".lock"));
    }

    private Path made(String file) throws IOException {
        if (folder.isEmpty()) {
            throw new IOException("there is no folder in which this host could say that it is the repository's writer");
        }
        Files.createDirectories(
                folder.get(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return folder.get().resolve(file);
    }
}
