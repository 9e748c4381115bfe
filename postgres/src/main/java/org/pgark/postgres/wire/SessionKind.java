package org.pgark.postgres.wire;

/** What kind of session a connection asks for. */
public enum SessionKind {
    /** Ordinary statements in one database. */
    ORDINARY,
    /** Replication commands of a whole cluster; no SQL. */
    PHYSICAL_REPLICATION,
    /** Replication commands and, in one database, SQL. */
    DATABASE_REPLICATION
}
