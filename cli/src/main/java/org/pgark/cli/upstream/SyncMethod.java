package org.pgark.cli.upstream;

/** How what was written is made durable. */
public enum SyncMethod {
    /** File by file. */
    FSYNC,
    /** The whole file system at once, where the system can; PostgreSQL's programs mean Linux's syncfs. */
    SYNCFS
}
