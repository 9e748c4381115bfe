package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    static List<CombinedTablespace> find(CombinationRequest request, CombinationListener listener) throws IOException {
        Path folder = request.last().resolve("pg_tblspc");
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
                    add(found, link ? mapped(request, entry, name) : inPlace(request, entry, name));
                }
            }
        } catch (StoredBackupException e) {
            throw e;
        } catch (IOException e) {
            throw StoredBackupException.of("could not open directory", folder, e);
        }
        return found;
    }

    private static CombinedTablespace inPlace(CombinationRequest request, Path entry, String name) {
        return new CombinedTablespace(
                name, entry, request.output().resolve("pg_tblspc").resolve(name), true);
    }

    private static CombinedTablespace mapped(CombinationRequest request, Path entry, String name) throws IOException {
        Path target = Files.readSymbolicLink(entry);
        if (!target.isAbsolute()) {
            throw new StoredBackupException("target of symbolic link \"" + entry + "\" is relative");
        }
        Path to = request.tablespaces().get(target.normalize());
        if (to == null) {
            throw new StoredBackupException("tablespace at \"" + target.normalize() + "\" has no tablespace mapping");
        }
        return new CombinedTablespace(name, target.normalize(), to, false);
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
