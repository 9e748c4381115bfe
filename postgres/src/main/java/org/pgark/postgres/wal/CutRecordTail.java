package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;

/**
 * What a segment's end holds of a record that goes on in the next segment.
 *
 * @param start where the record begins; {@link Lsn#ZERO} if there is none
 * @param present how many of its bytes are in this segment
 * @param bytes the first of them, page headers left out, at most {@link #KEPT_BYTES}; only the record's
 *     length, four bytes, where it cannot be one that targets are made of (none in facts that were gathered by older
 *     versions)
 */
public record CutRecordTail(Lsn start, int present, Bytes bytes) {
    /** How much of a cut record is kept, in bytes. */
    public static final int KEPT_BYTES = 16 << 10;

    /** For a segment whose last record ends in it. */
    public static final CutRecordTail NONE = new CutRecordTail(Lsn.ZERO, 0, Bytes.EMPTY);
}
