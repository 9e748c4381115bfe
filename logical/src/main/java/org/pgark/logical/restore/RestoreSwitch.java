package org.pgark.logical.restore;

/** The options of a restore that are either on or off; they have the names of pg_restore's. */
public enum RestoreSwitch {
    CLEAN,
    CREATE,
    IF_EXISTS,
    NO_OWNER,
    NO_PRIVILEGES,
    NO_COMMENTS,
    NO_POLICIES,
    NO_PUBLICATIONS,
    NO_SECURITY_LABELS,
    NO_SUBSCRIPTIONS,
    NO_TABLESPACES,
    NO_TABLE_ACCESS_METHOD,
    USE_SET_SESSION_AUTHORIZATION,
    DISABLE_TRIGGERS,
    ENABLE_ROW_SECURITY,
    NO_DATA_FOR_FAILED_TABLES,
    SINGLE_TRANSACTION,
    EXIT_ON_ERROR,
    STRICT_NAMES,
    VERBOSE,
    /** The values of sequences even where no data is wanted. */
    SEQUENCE_DATA,
    /** What large objects are, but not their content, even where no data is wanted. */
    BINARY_UPGRADE,
    /** All names in quotes. */
    QUOTE_ALL_IDENTIFIERS,
    /** Warnings that old dumps carry are not repeated. */
    SUPPRESS_DUMP_WARNINGS
}
