package org.pgark.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file with credentials that somebody renews: it is read again when it has changed. While it cannot be read, what it said
 * before counts. For several threads.
 */
public final class RenewedFile {
    private final Path file;
    private Seen seen;

    private record Seen(
            FileTime modified, long size, @Nullable Object key, String content) {
        boolean is(BasicFileAttributes now) {
            return modified.equals(now.lastModifiedTime()) && size == now.size() && Objects.equals(key, now.fileKey());
        }
    }

    private RenewedFile(Path file, Seen seen) {
        this.file = file;
        this.seen = seen;
    }

    /**
     * Reads it for the first time.
     *
     * @throws IOException if it cannot be read
     */
    static RenewedFile read(Path file) throws IOException {
        return new RenewedFile(file, look(file));
    }

    private static Seen look(Path file) throws IOException {
        // Attributes first: what is written between the two is found the next time.
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Seen(
                now.lastModifiedTime(),
                now.size(),
                now.fileKey(),
                Files.readString(file).strip());
    }

    /** What it says now, without white space around it. */
    public synchronized String content() {
        try {
            if (!seen.is(Files.readAttributes(file, BasicFileAttributes.class))) {
                Seen now = look(file);
                // One that is being written is empty for a moment.
                seen = now.content().isEmpty() ? seen : now;
            }
        } catch (IOException e) {
            return seen.content();
        }
        return seen.content();
    }
}
