package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.label.TablespaceMap;
import org.pgark.repository.manifest.ManifestEntry;

/** The links in pg_tblspc, and the file from which recovery makes them once more. */
final class TablespaceLinks {
    private static final String FOLDER = "pg_tblspc/";

    private TablespaceLinks() {}

    /** The tablespace that this link of a backup leads to. */
    static Optional<Long> oidOf(ManifestEntry.SymbolicLink link) {
        return link.path().matches(FOLDER + "[0-9]{1,10}")
                ? Optional.of(Long.parseLong(link.path().substring(FOLDER.length())))
                : Optional.empty();
    }

    /** Makes the links that are not there, and has tablespace_map lead to the same places. */
    static void settle(Destination destination) throws IOException {
        for (Map.Entry<Long, Path> tablespace : destination.tablespaces().entrySet()) {
            Path link = destination.dataDirectory().resolve(FOLDER + tablespace.getKey());
            if (Files.isSymbolicLink(link)) {
                if (Files.readSymbolicLink(link).equals(tablespace.getValue())) {
                    continue;
                }
                Files.delete(link);
            } else if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                FileRemoval.remove(link);
            }
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, tablespace.getValue());
        }
        Path map = destination.dataDirectory().resolve(TablespaceMap.FILE_NAME);
        if (Files.exists(map)) {
            // Paths are bytes in no certain encoding; this one lets every byte pass as it is.
            List<TablespaceMap.Entry> entries =
                    TablespaceMap.parse(Files.readString(map, StandardCharsets.ISO_8859_1)).entries().stream()
                            .map(entry -> moved(entry, destination))
                            .toList();
            AtomicFile.replace(map, new TablespaceMap(entries).format().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static TablespaceMap.Entry moved(TablespaceMap.Entry entry, Destination destination) {
        Path place = destination.tablespaces().get(Integer.toUnsignedLong(entry.oid()));
        return place == null
                ? entry
                : new TablespaceMap.Entry(
                        entry.oid(),
                        new String(place.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
}
