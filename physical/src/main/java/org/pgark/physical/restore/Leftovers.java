package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Removes from a destination what does not belong to the backup, or everything. */
final class Leftovers {
    /** Made by mkfs at the top of a file system; it is not ours to remove. */
    static final String LOST_AND_FOUND = "lost+found";

    private static final String WAL = "pg_wal";

    private final Destination destination;
    private final RestoreCounters counters;

    Leftovers(Destination destination, RestoreCounters counters) {
        this.destination = destination;
        this.counters = counters;
    }

    /** Removes every file and directory whose path in the backup is not in {@code belonging}. */
    void removeAllBut(PathSet belonging) throws IOException {
        clean(destination.dataDirectory(), "", Optional.of(belonging));
        for (Map.Entry<Long, Path> tablespace : destination.tablespaces().entrySet()) {
            Path own = tablespace.getValue().resolve(destination.versionDirectory());
            if (Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)) {
                clean(
                        own,
                        "pg_tblspc/" + tablespace.getKey() + "/" + destination.versionDirectory() + "/",
                        Optional.of(belonging));
            }
        }
    }

    /** Removes everything; a link by which pg_wal stands on a disk of its own stays. */
    void removeAll() throws IOException {
        // The links in the data directory tell the next restore, should this one be killed here, whose these are.
        for (Path tablespace : destination.tablespaces().values()) {
            remove(tablespace.resolve(destination.versionDirectory()));
        }
        clean(destination.dataDirectory(), "", Optional.empty());
    }

    private void clean(Path directory, String prefix, Optional<PathSet> belonging) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String path = prefix + entry.getFileName();
                if (isKept(path)) {
                    continue;
                }
                if (path.equals(WAL) && Files.isSymbolicLink(entry) && Files.isDirectory(entry)) {
                    clean(entry, path + "/", belonging);
                } else if (belonging.isEmpty() || !belonging.get().contains(path)) {
                    remove(entry);
                } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    clean(entry, path + "/", belonging);
                }
            }
        }
    }

    private static boolean isKept(String path) {
        return path.equals(LOST_AND_FOUND) || path.equals(RestoreMarker.FILE_NAME);
    }

    private void remove(Path place) throws IOException {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            FileRemoval.remove(place);
            counters.removed(1);
        }
    }
}
