package org.pgark.physical.change;

import java.util.BitSet;

/** What may have changed in one file. */
public sealed interface FileChanges {
    /** Anything. */
    record Everything() implements FileChanges {}

    /**
     * These pages, and none else of those that the file had.
     *
     * @param pages counted from the file's beginning; not to be changed
     */
    record Pages(BitSet pages) implements FileChanges {}
}
