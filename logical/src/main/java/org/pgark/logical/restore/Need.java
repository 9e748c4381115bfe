package org.pgark.logical.restore;

/** What is wanted of an entry. */
public enum Need {
    SCHEMA,
    DATA,
    STATISTICS,
    /** Settings of the dump as a whole, which are followed and never printed. */
    SPECIAL
}
