package org.pgark.physical.restore;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.ManifestEntry;

/**
 * Where the files of a backup go.
 *
 * @param dataDirectory the data directory, absolute
 * @param tablespaces the directory of each tablespace outside of it, by its OID
 * @param versionDirectory the folder in each tablespace that belongs to this major version of PostgreSQL
 * @param configuration where external configuration files go, by their old absolute path; empty to leave them out
 */
public record Destination(
        Path dataDirectory, Map<Long, Path> tablespaces, String versionDirectory, Map<String, Path> configuration) {
    public Destination {
        tablespaces = java.util.Collections.unmodifiableMap(new TreeMap<>(tablespaces));
        configuration = java.util.Collections.unmodifiableMap(new TreeMap<>(configuration));
    }

    /**
     * Where one entry goes; empty if it is left out.
     *
     * @throws IllegalArgumentException if the path leads out of the directory that it belongs to
     */
    Optional<Path> placeOf(ManifestEntry entry) {
        return switch (entry.fileClass()) {
            case FileClass.ExternalConfiguration() -> Optional.ofNullable(configuration.get(entry.path()));
            case FileClass.ClusterData() -> Optional.of(inside(dataDirectory, entry.path()));
            case FileClass.Tablespace(long oid) -> {
                Path root = tablespaces.get(oid);
                String prefix = "pg_tblspc/" + oid;
                if (root == null
                        || entry instanceof ManifestEntry.SymbolicLink
                        || !entry.path().startsWith(prefix)) {
                    yield Optional.of(inside(dataDirectory, entry.path()));
                }
                String rest = entry.path().substring(prefix.length());
                yield Optional.of(rest.isEmpty() ? root : inside(root, rest.substring(1)));
            }
        };
    }

    /** Whether a place lies below a directory of the cluster, being neither such a directory nor configuration outside. */
    boolean isRootedHere(ManifestEntry entry, Path place) {
        return !(entry.fileClass() instanceof FileClass.ExternalConfiguration)
                && !place.equals(dataDirectory)
                && !tablespaces.containsValue(place);
    }

    private static Path inside(Path root, String path) {
        Path place = root.resolve(path).normalize();
        if (!place.startsWith(root) || Path.of(path).isAbsolute()) {
            throw new IllegalArgumentException("path \"" + path + "\" leads out of \"" + root + "\"");
        }
        return place;
    }
}
