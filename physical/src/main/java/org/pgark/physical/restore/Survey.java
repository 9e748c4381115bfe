package org.pgark.physical.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/**
 * What a pass through a manifest tells.
 *
 * @param files how many files it has, external configuration left out
 * @param bytes their size
 * @param tablespaceBytes how much of it belongs to each tablespace, by OID
 * @param linkedTablespaces the tablespaces, by OID, that have files but no plain directory in pg_tblspc
 * @param externalFiles the paths of configuration files outside the data directory
 * @param paths all other paths
 */
record Survey(
        long files,
        long bytes,
        Map<Long, Long> tablespaceBytes,
        Set<Long> linkedTablespaces,
        List<String> externalFiles,
        PathSet paths) {

    static Survey of(ManifestReader manifest) throws IOException {
        long files = 0;
        long bytes = 0;
        Map<Long, Long> tablespaceBytes = new TreeMap<>();
        List<String> externalFiles = new ArrayList<>();
        Set<Long> linkedTablespaces = new TreeSet<>();
        Set<Long> plainTablespaces = new TreeSet<>();
        PathSet paths = new PathSet();
        ManifestReader.Cursor entries = manifest.entries();
        for (Optional<ManifestEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
            ManifestEntry entry = next.get();
            if (entry.fileClass() instanceof FileClass.ExternalConfiguration) {
                if (entry instanceof ManifestEntry.File) {
                    externalFiles.add(entry.path());
                }
                continue;
            }
            paths.add(entry.path());
            if (entry.fileClass() instanceof FileClass.Tablespace(long oid)
                    && !(entry instanceof ManifestEntry.SymbolicLink)) {
                boolean isRoot =
                        entry instanceof ManifestEntry.Directory && entry.path().equals("pg_tblspc/" + oid);
                (isRoot ? plainTablespaces : linkedTablespaces).add(oid);
            }
            if (entry instanceof ManifestEntry.File file) {
                files++;
                bytes += file.size();
                if (file.fileClass() instanceof FileClass.Tablespace(long oid)) {
                    tablespaceBytes.merge(oid, file.size(), Long::sum);
                }
            }
        }
        linkedTablespaces.removeAll(plainTablespaces);
        return new Survey(files, bytes, tablespaceBytes, linkedTablespaces, externalFiles, paths);
    }

    /** The size of what goes into the data directory itself. */
    long dataDirectoryBytes() {
        return bytes
                - tablespaceBytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
