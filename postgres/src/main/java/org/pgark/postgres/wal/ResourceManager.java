package org.pgark.postgres.wal;

/** The numbers of resource managers that pgark reads records of, from access/rmgrlist.h. */
public final class ResourceManager {
    /** Checkpoints, segment switches, restore points. */
    public static final int XLOG = 0;

    /** Commits and aborts. */
    public static final int TRANSACTION = 1;

    /** Files of relations, made and truncated. */
    public static final int STORAGE = 2;

    /** Databases, made and dropped. */
    public static final int DATABASE = 4;

    /** Which transactions run, and their locks, for hot standbys. */
    public static final int STANDBY = 8;

    private static final int LAST_BUILT_IN = 21;
    private static final int FIRST_OF_EXTENSIONS = 128;

    private ResourceManager() {}

    /** Whether a server can write records of this number: its own, or that of an extension since version 15. */
    static boolean isKnown(int number) {
        return number <= LAST_BUILT_IN || number >= FIRST_OF_EXTENSIONS;
    }
}
