package org.pgark.logical.relation;

/** Texts about a relation that the server has to write; they are read at once for all relations that need them. */
public enum RelationText {
    VIEW_DEFINITION,
    PARTITION_KEY,
    PARTITION_BOUND,
    TYPE_OF_ROWS,
    FOREIGN_SERVER,
    FOREIGN_OPTIONS
}
