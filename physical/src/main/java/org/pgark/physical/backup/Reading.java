package org.pgark.physical.backup;

import java.util.BitSet;

/**
 * Which pages of a file have to be read; the others are as the base has them.
 *
 * @param pages to be read, counted from the file's beginning; not to be changed
 * @param expectedSame those of them that should be as the base has them; not to be changed
 */
record Reading(BitSet pages, BitSet expectedSame) {
    /** Whether nothing has to be read. */
    boolean isNothing() {
        return pages.isEmpty();
    }
}
