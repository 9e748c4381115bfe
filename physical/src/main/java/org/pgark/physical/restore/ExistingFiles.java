package org.pgark.physical.restore;

/** What becomes of what is in the destination already. */
public enum ExistingFiles {
    /** A destination that is not empty is refused. */
    REFUSE,
    /** Files and parts of files that have the right content stay; what does not belong is removed. */
    DELTA,
    /** Everything is removed first. */
    REPLACE
}
