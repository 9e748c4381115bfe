package org.pgark.physical.basebackup;

/** How the WAL that a backup needs comes along. */
public enum WalMethod {
    /** Not at all. */
    NONE,
    /** Inside the backup, at its end. */
    FETCH,
    /** Over a second connection, while the backup runs. */
    STREAM
}
