package org.pgark.physical.recovery;

import org.pgark.postgres.Lsn;

/**
 * The record at which recovery stops.
 *
 * @param start where it begins
 * @param end where it ends
 * @param after whether it is still replayed
 * @param what the record in words, for example {@code the commit of transaction 771 at 2026-11-22 10:42:00+01:00}
 */
record Stop(Lsn start, Lsn end, boolean after, String what) {
    /** Up to where the WAL is replayed. */
    Lsn position() {
        return after ? end : start;
    }

    String describe() {
        return (after ? "after " : "before ") + what + " (" + start + ")";
    }
}
