package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;

/**
 * Where and why a stretch of WAL could be read no further: what a segment's facts keep of a {@link WalStop}.
 *
 * @param position up to where the WAL is valid: the end of the last complete record, after a switch the segment's end,
 *     and where no record ended, the first byte that was read
 * @param reason the kind of end
 * @param detail what was found there, for people; empty for {@link Reason#INPUT_END} and {@link Reason#SWITCH}
 */
public record WalEnd(Lsn position, Reason reason, String detail) {
    /** The kinds of end. */
    public enum Reason {
        /** All that was given is valid; the last record may go on in the next segment. */
        INPUT_END,
        /** The server switched to the next segment, where valid WAL goes on. */
        SWITCH,
        /** Only zeroes follow: the segment was not filled. */
        ZEROES,
        /** What follows is left over from an older segment whose file was used again. */
        RECYCLED,
        /** What follows is not valid WAL. */
        INVALID
    }

    /** Whether valid WAL may go on in the next segment. */
    public boolean continues() {
        return reason == Reason.INPUT_END || reason == Reason.SWITCH;
    }

    /** For example {@code valid WAL ends at 0/3000148: only zeroes follow}. */
    public String describe() {
        return "valid WAL ends at " + position + (detail.isEmpty() ? "" : ": " + detail);
    }
}
