package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Goes through a folder of the last backup, which has all files of the combined one, whole or as changes. */
final class CombinedTree {
    private static final String PREFIX = "INCREMENTAL.";

    private final boolean keepsVisibilityMaps;
    private final CombinationListener listener;
    private int mapsLeftOut;

    CombinedTree(boolean keepsVisibilityMaps, CombinationListener listener) {
        this.keepsVisibilityMaps = keepsVisibilityMaps;
        this.listener = listener;
    }

    /**
     * A file of the combined backup.
     *
     * @param root what precedes its path in manifests, empty outside of tablespaces
     * @param folder its folder below where the walk began; empty, or ending in a slash
     * @param name without the prefix of an incremental one
     * @param source where it lies in the last backup
     */
    record Member(String root, String folder, String name, Path source) {
        /** Its folder's path below the data directory, the same in all backups. */
        String below() {
            return root + folder;
        }

        /** Its path in manifests. */
        String path() {
            return root + folder + name;
        }
    }

    /** Is told what there is, each folder before what is in it. */
    interface Visitor {
        /** A folder, but not that where the walk began; its name ends in a slash. */
        void folder(Member folder) throws IOException;

        /** A file that the last backup has as a whole. */
        void whole(Member file) throws IOException;

        /** A file of which it has only the changes. */
        void changes(Member file) throws IOException;

        /** A visibility map that would have to be put together, and is left out. */
        void leftOut(Member file);
    }

    /**
     * Visits everything below a folder.
     *
     * @param root what precedes paths in manifests, empty outside of tablespaces
     */
    void walk(String root, Path from, Visitor visitor) throws IOException {
        walk(root, from, "", visitor);
    }

    private void walk(String root, Path from, String path, Visitor visitor) throws IOException {
        Path source = from.resolve(path);
        List<Path> entries = new ArrayList<>();
        try (var stream = Files.newDirectoryStream(source)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            throw StoredBackupException.of("could not open directory", source, e);
        }
        boolean inTablespaces = root.isEmpty() && path.equals("pg_tblspc/");
        for (Path entry : entries) {
            String name = Objects.requireNonNull(entry.getFileName()).toString();
            BasicFileAttributes attributes =
                    Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (inTablespaces
                    && CombinedTablespace.isOid(name)
                    && (attributes.isSymbolicLink() || attributes.isDirectory())) {
                continue;
            }
            if (attributes.isDirectory()) {
                visitor.folder(new Member(root, path, name + "/", entry));
                walk(root, from, path + name + "/", visitor);
            } else if (!attributes.isRegularFile()) {
                listener.warning(
                        "skipping " + (attributes.isSymbolicLink() ? "symbolic link" : "special file") + " \"" + entry
                                + "\"",
                        "");
            } else if (!root.isEmpty()
                    || !path.isEmpty()
                    || (!name.equals("backup_label") && !name.equals("backup_manifest"))) {
                file(new Member(root, path, name, entry), visitor);
            }
        }
    }

    private void file(Member file, Visitor visitor) throws IOException {
        boolean mayBeChanges = !file.root.isEmpty()
                || (file.folder.startsWith("base/") && file.folder.length() > 5)
                || file.folder.equals("global/")
                || (file.folder.startsWith("pg_tblspc/") && file.folder.length() > 10);
        if (!mayBeChanges || !file.name.startsWith(PREFIX)) {
            visitor.whole(file);
            return;
        }
        Member whole = new Member(file.root, file.folder, file.name.substring(PREFIX.length()), file.source);
        if (!keepsVisibilityMaps && whole.name.matches("[0-9]+_vm(\\.[0-9]+)?")) {
            mapsLeftOut++;
            visitor.leftOut(whole);
            return;
        }
        visitor.changes(whole);
    }

    /** Warns of what was left out, the walks being over. */
    void warnOfMaps() {
        if (mapsLeftOut > 0) {
            listener.warning(
                    "left out " + mapsLeftOut + (mapsLeftOut == 1 ? " visibility map" : " visibility maps")
                            + " whose blocks come from several backups",
                    "Servers before 17.11 and 18.6 do not say which of their bits were cleared. PostgreSQL makes them"
                            + " anew with the next VACUUM; --keep-visibility-maps keeps them.");
        }
    }
}
