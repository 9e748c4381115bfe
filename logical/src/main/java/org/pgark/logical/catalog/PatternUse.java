package org.pgark.logical.catalog;

/** What a name pattern given to a dump is for. */
public enum PatternUse {
    INCLUDE_SCHEMA,
    EXCLUDE_SCHEMA,
    INCLUDE_TABLE,
    INCLUDE_TABLE_AND_CHILDREN,
    EXCLUDE_TABLE,
    EXCLUDE_TABLE_AND_CHILDREN,
    EXCLUDE_TABLE_DATA,
    EXCLUDE_TABLE_DATA_AND_CHILDREN,
    INCLUDE_FOREIGN_DATA,
    INCLUDE_EXTENSION,
    EXCLUDE_EXTENSION
}
