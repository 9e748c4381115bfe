package org.pgark.postgres.datadir;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a relation's file is.
 *
 * @param tablespace its object id, to be read as unsigned
 * @param database its object id, to be read as unsigned; 0 for relations that all databases share
 * @param file the file's name
 */
public record RelationPath(int tablespace, int database, RelationFileName file) {
    /** The tablespace of {@code base}. */
    public static final int DEFAULT_TABLESPACE = 1663;

    /** The tablespace of {@code global}. */
    public static final int GLOBAL_TABLESPACE = 1664;

    private static final Pattern DIRECTORY =
            Pattern.compile("global|base/([0-9]{1,10})|pg_tblspc/([0-9]{1,10})/PG_[0-9]+_[0-9]+/([0-9]{1,10})");

    /**
     * Reads a path relative to the data directory; empty if it is not that of a permanent relation's file.
     *
     * @param path for example {@code base/5/1249_fsm.1}, {@code global/1262},
     *     {@code pg_tblspc/16400/PG_15_202209061/5/16401}
     */
    public static Optional<RelationPath> parse(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        Matcher directory = DIRECTORY.matcher(path.substring(0, slash));
        if (!directory.matches()) {
            return Optional.empty();
        }
        return RelationFileName.parse(path.substring(slash + 1)).map(file -> at(directory, file));
    }

    private static RelationPath at(Matcher directory, RelationFileName file) {
        if (directory.group(1) != null) {
            return new RelationPath(DEFAULT_TABLESPACE, objectId(directory, 1), file);
        }
        if (directory.group(2) != null) {
            return new RelationPath(objectId(directory, 2), objectId(directory, 3), file);
        }
        return new RelationPath(GLOBAL_TABLESPACE, 0, file);
    }

    private static int objectId(Matcher directory, int group) {
        return (int) Long.parseLong(directory.group(group));
    }
}
