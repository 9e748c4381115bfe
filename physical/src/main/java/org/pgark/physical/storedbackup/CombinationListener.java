package org.pgark.physical.storedbackup;

/** Is told what a combination does; the lines are pg_combinebackup's. */
public interface CombinationListener {
    /** What is of interest only to who looks for an error. */
    void debug(String message);

    /** What a user has to know. */
    void warning(String message, String hint);

    /** What is done besides. */
    void info(String message);
}
