package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/**
 * Finds what the base has of the files of a new database: the files of the same name and size in the databases that the
 * base knows, since a new database is a copy of one of them. Asked in the order of paths.
 */
final class Siblings {
    /** Of more databases only the first are looked at. */
    private static final int MOST_FOLDERS = 32;

    private static final Pattern IN_DATABASE =
            Pattern.compile("((?:base|pg_tblspc/[0-9]+/PG_[0-9]+_[0-9]+)/[0-9]+)/([^/]+)");

    private final ManifestReader base;
    private final List<String> folders;
    private String folder = "";
    private List<Walk> walks = List.of();

    /**
     * @param folders those of the source, in any order
     */
    Siblings(ManifestReader base, List<String> folders) {
        this.base = base;
        this.folders = folders.stream()
                .filter(path -> IN_DATABASE.matcher(path + "/1").matches())
                .limit(MOST_FOLDERS)
                .toList();
    }

    /** The file of a known database that may be the model of one that the base does not have. */
    Optional<ManifestEntry.File> of(String path, long size) throws IOException {
        Matcher matcher = IN_DATABASE.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (!folder.equals(matcher.group(1))) {
            folder = matcher.group(1);
            walks = base.find(folder).isPresent() ? List.of() : walks();
        }
        Optional<ManifestEntry.File> found = Optional.empty();
        for (Walk walk : walks) {
            Optional<ManifestEntry.File> file = walk.to(matcher.group(2));
            if (found.isEmpty()) {
                found = file.filter(candidate -> candidate.size() == size);
            }
        }
        return found;
    }

    private List<Walk> walks() throws IOException {
        List<Walk> known = new ArrayList<>();
        for (String other : folders) {
            if (!other.equals(folder) && base.find(other).isPresent()) {
                known.add(new Walk(other + "/"));
            }
        }
        return known;
    }

    /** Goes through one database's files in their order. */
    private final class Walk {
        private final String prefix;
        private final ManifestReader.Cursor cursor;
        private Optional<ManifestEntry> next;

        Walk(String prefix) throws IOException {
            this.prefix = prefix;
            this.cursor = base.entriesUnder(prefix);
            this.next = cursor.next();
        }

        Optional<ManifestEntry.File> to(String name) throws IOException {
            String path = prefix + name;
            while (next.isPresent() && PathOrder.BYTEWISE.compare(next.get().path(), path) < 0) {
                next = cursor.next();
            }
            return next.filter(entry -> entry.path().equals(path))
                    .filter(ManifestEntry.File.class::isInstance)
                    .map(ManifestEntry.File.class::cast);
        }
    }
}
