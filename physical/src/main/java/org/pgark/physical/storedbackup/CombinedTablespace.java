package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A tablespace of the last backup, and where it comes to lie.
 *
 * @param oid its number
 * @param from its folder in the last backup
 * @param to its folder in the output
 * @param inPlace whether that lies in the data directory
 */
record CombinedTablespace(String oid, Path from, Path to, boolean inPlace) {
    static boolean isOid(String name) {
        return name.matches("[1-9][0-9]{0,9}") && Long.parseLong(name) <= 0xFFFF_FFFFL;
    }

    /** Says where a tablespace comes to lie that is outside of the data directory. */
    @FunctionalInterface
    interface Mapping {
        Path to(Path from) throws StoredBackupException;
    }

    /** That of a request whose output is a folder, where every tablespace needs a place. */
    static Mapping required(Map<Path, Path> places) {
        return from -> {
            Path to = places.get(from);
            if (to == null) {
                throw new StoredBackupException("tablespace at \"" + from + "\" has no tablespace mapping");
            }
            return to;
        };
    }

    /**
     * Finds the tablespaces of a backup.
     *
     * @param last the backup
     * @param output where its combination is to lie
     */
    static List<CombinedTablespace> find(Path last, Path output, Mapping mapping, CombinationListener listener)
            throws IOException {
        Path folder = last.resolve("pg_tblspc");
        listener.debug("scanning \"" + folder + "\"");
        List<CombinedTablespace> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = Objects.requireNonNull(entry.getFileName()).toString();
                boolean link = Files.isSymbolicLink(entry);
                if (!isOid(name)) {
                    listener.debug("skipping \"" + entry + "\" because the filename is not a legal tablespace OID");
                } else if (!link && !Files.isDirectory(entry)) {
                    listener.debug("skipping \"" + entry + "\" because it is neither a symbolic link nor a directory");
                } else {
                    add(
                            found,
                            link
                                    ? mapped(mapping, entry, name)
                                    : new CombinedTablespace(
                                            name,
                                            entry,
                                            output.resolve("pg_tblspc").resolve(name),
                                            true));
                }
            }
        } catch (StoredBackupException e) {
            throw e;
        } catch (IOException e) {
            throw StoredBackupException.of("could not open directory", folder, e);
        }
        return found;
    }

    private static CombinedTablespace mapped(Mapping mapping, Path entry, String name) throws IOException {
        Path target = Files.readSymbolicLink(entry);
        if (!target.isAbsolute()) {
            throw new StoredBackupException("target of symbolic link \"" + entry + "\" is relative");
        }
        Path from = target.normalize();
        return new CombinedTablespace(name, from, mapping.to(from), false);
    }

    private static void add(List<CombinedTablespace> found, CombinedTablespace next) throws StoredBackupException {
        for (CombinedTablespace other : found) {
            if (other.to.equals(next.to)) {
                throw new StoredBackupException("tablespaces with OIDs " + other.oid + " and " + next.oid
                        + " both point at directory \"" + next.to + "\"");
            }
        }
        found.add(next);
    }
}
