package org.pgark.physical.systemcall;

/** How what was written is made durable. */
public enum SyncMethod {
    /** File by file. */
    FSYNC,
    /** The whole file system at once, by Linux's syncfs; file by file where that cannot tell of failed writes. */
    SYNCFS
}
