package org.pgark.postgres.datadir;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * What a backup of a data directory takes and leaves: the same as the server's own BASE_BACKUP.
 *
 * <p>Not decided here: that {@code global/pg_control} is copied last; that a tablespace which lies inside of the data
 * directory is not copied twice; that of a tablespace only the directory of the cluster's own version is copied.
 */
public final class CopyRules {
    /** Directories of any depth whose content a server makes anew when it starts. */
    private static final Set<String> EMPTIED = Set.of(
            "pg_stat_tmp", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans");

    /** Directories whose content comes from the archive instead. */
    private static final Set<String> WAL_DIRECTORIES = Set.of("pg_wal", "pg_wal/archive_status", "pg_wal/summaries");

    private static final Set<String> LEFT_OUT = Set.of(
            "postgresql.auto.conf.tmp",
            "current_logfiles.tmp",
            "backup_label",
            "tablespace_map",
            "backup_manifest",
            "postmaster.pid",
            "postmaster.opts",
            ".DS_Store");

    private static final String TEMPORARY_FILE_PREFIX = "pgsql_tmp";
    private static final String RELATION_CACHE_PREFIX = "pg_internal.init";
    private static final Pattern DATABASE_DIRECTORY =
            Pattern.compile("base/[0-9]+|pg_tblspc/[0-9]+/PG_[0-9]+_[0-9]+/[0-9]+");

    private CopyRules() {}

    /**
     * The rule for one name.
     *
     * @param path relative to the data directory, with {@code /} between names, for example {@code base/5/1249}; files of
     *     tablespaces as {@code pg_tblspc/<oid>/PG_15_202209061/5/16401}
     * @param type what it is, links not followed
     * @param unlogged whether the relation of this number in the same directory is unlogged, see
     *     {@link #unloggedAmong}
     */
    public static CopyRule of(String path, FileType type, IntPredicate unlogged) {
        int slash = path.lastIndexOf('/');
        String directory = slash < 0 ? "" : path.substring(0, slash);
        String name = path.substring(slash + 1);
        boolean canBeDirectory = type == FileType.DIRECTORY || type == FileType.SYMBOLIC_LINK;
        if (canBeDirectory && (WAL_DIRECTORIES.contains(path) || (EMPTIED.contains(name) && !isLost(directory)))) {
            return CopyRule.EMPTY_DIRECTORY;
        }
        if (isLost(directory) || isLeftOut(name) || isTransientRelation(directory, name, unlogged)) {
            return CopyRule.SKIP;
        }
        return switch (type) {
            case DIRECTORY, REGULAR -> CopyRule.COPY;
            case SYMBOLIC_LINK -> directory.equals("pg_tblspc") ? CopyRule.COPY : CopyRule.SKIP;
            case OTHER -> CopyRule.SKIP;
        };
    }

    /**
     * Which relations of one directory are unlogged: those that have an init fork there.
     *
     * @param names of all files in the directory
     */
    public static IntPredicate unloggedAmong(Collection<String> names) {
        Set<Integer> unlogged = new HashSet<>();
        for (String name : names) {
            RelationFileName.parse(name)
                    .filter(file -> file.fork() == Fork.INIT)
                    .ifPresent(file -> unlogged.add(file.relation()));
        }
        return unlogged::contains;
    }

    /** Whether nothing below the directory is copied. */
    private static boolean isLost(String directory) {
        for (int end = directory.length(); end > 0; end = directory.lastIndexOf('/', end - 1)) {
            String name = directory.substring(directory.lastIndexOf('/', end - 1) + 1, end);
            if (EMPTIED.contains(name) || name.startsWith(TEMPORARY_FILE_PREFIX)) {
                return true;
            }
        }
        return directory.equals("pg_wal") || directory.startsWith("pg_wal/");
    }

    private static boolean isLeftOut(String name) {
        return LEFT_OUT.contains(name)
                || name.startsWith(TEMPORARY_FILE_PREFIX)
                || name.startsWith(RELATION_CACHE_PREFIX);
    }

    private static boolean isTransientRelation(String directory, String name, IntPredicate unlogged) {
        if (!DATABASE_DIRECTORY.matcher(directory).matches()) {
            return false;
        }
        return RelationFileName.isTemporary(name)
                || RelationFileName.parse(name)
                        .filter(file -> file.fork() != Fork.INIT && unlogged.test(file.relation()))
                        .isPresent();
    }
}
