package org.pgark.logical.archive;

/** The data that belongs to an entry, read from the server when its turn comes. */
public sealed interface EntryData permits TableData, LargeObjectData {
    /** How much there is, roughly and in any one unit: a parallel dump begins with what is largest. */
    default long size() {
        return 0;
    }
}
