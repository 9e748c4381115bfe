package org.pgark.cli.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that a collector reads while it is replaced: it finds the old text or the new. */
public final class MetricFile {
    private MetricFile() {}

    /**
     * Puts the text in the file's place, readable by everybody, since the collector has an account of its own. What is
     * written first has a name that collectors of {@code *.prom} leave alone.
     */
    public static void replace(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        Path temporary = Files.createTempFile(folder, "." + file.getFileName() + ".", ".new");
        try {
            Files.writeString(temporary, text);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
