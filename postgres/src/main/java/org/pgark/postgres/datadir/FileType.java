package org.pgark.postgres.datadir;

/** What a name in a directory is, links not followed. */
public enum FileType {
    DIRECTORY,
    REGULAR,
    SYMBOLIC_LINK,
    /** A socket, pipe or device. */
    OTHER
}
