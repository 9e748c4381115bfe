package org.pgark.physical.recovery;

/**
 * Why a target is not reached.
 *
 * @param code a stable word in snake case
 * @param message names the thing and quotes the value
 * @param hint what the user can do; may be empty
 */
record Refusal(String code, String message, String hint) {
    /** The target lies before the restored files would be consistent. */
    static final String BEFORE_BACKUP = "target_before_backup";
    /** The target lies after what the archive has. */
    static final String AFTER_END = "target_after_end";
    /** A segment that is needed is not there or cannot be replayed. */
    static final String MISSING_WAL = "missing_wal";
}
