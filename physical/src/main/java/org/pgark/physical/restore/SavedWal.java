package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * WAL that was never archived, and where a restore over its cluster saves it.
 *
 * @param place a directory beside the data directory, which the restore makes
 * @param names of files in pg_wal, ascending
 * @param bytes their size
 */
public record SavedWal(Path place, List<String> names, long bytes) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int NAMES_SHOWN = 8;

    public SavedWal {
        Objects.requireNonNull(place, "place is null");
        names = List.copyOf(names);
    }

    /** What will be saved beside a data directory, in a place that is not there yet. */
    static SavedWal beside(Path dataDirectory, List<String> names, Instant now) throws IOException {
        long bytes = 0;
        for (String name : names) {
            bytes += Files.size(dataDirectory.resolve(UnarchivedWal.FOLDER).resolve(name));
        }
        String folder = dataDirectory.getFileName() + ".unarchived-wal-" + STAMP.format(now);
        Path place = dataDirectory.resolveSibling(folder);
        for (int number = 2; Files.exists(place); number++) {
            place = dataDirectory.resolveSibling(folder + "-" + number);
        }
        return new SavedWal(place, names, bytes);
    }

    /**
     * Saves the files durably, by a second name where the file system lets it, else by a copy. If that fails, nothing is
     * left of it.
     */
    void save(Path dataDirectory) throws IOException {
        Files.createDirectory(place, PosixFilePermissions.asFileAttribute(Ownership.permissions(0700)));
        try {
            for (String name : names) {
                save(dataDirectory.resolve(UnarchivedWal.FOLDER).resolve(name), place.resolve(name));
            }
            AtomicFile.sync(place);
            AtomicFile.sync(Objects.requireNonNull(place.toAbsolutePath().getParent()));
        } catch (IOException e) {
            FileRemoval.remove(place);
            throw e;
        }
    }

    private static void save(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** All of a few names; of many the first, the last, and how many they are. */
    static String named(List<String> names) {
        return names.size() <= NAMES_SHOWN
                ? String.join(", ", names)
                : names.getFirst() + " to " + names.getLast() + " (" + names.size() + ")";
    }
}
