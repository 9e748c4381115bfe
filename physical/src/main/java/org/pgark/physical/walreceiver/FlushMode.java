package org.pgark.physical.walreceiver;

/** When the server is told that WAL is safe. */
public enum FlushMode {
    /** When it is durable in the receiver's own directory. */
    DIRECTORY,
    /** When it is durable in the repository. */
    REPOSITORY
}
