package org.pgark.postgres.control;

/** How much a server writes into its WAL, in the order of {@code WalLevel} of access/xlog.h. */
public enum WalLevel {
    MINIMAL,
    REPLICA,
    LOGICAL
}
