package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;

/**
 * What a segment's end holds of a record that goes on in the next segment.
 *
 * @param start where the record begins; {@link Lsn#ZERO} if there is none
 * @param present how many of its bytes are in this segment
 * @param bytes the first of them, page headers left out, at most {@link #KEPT_BYTES}, or {@link #HEADERS_BYTES} where
 *     it cannot be one that targets are made of (its length alone, four bytes, or none in facts that were gathered by
 *     older versions)
 */
public record CutRecordTail(Lsn start, int present, Bytes bytes) {
    /** How much of a cut record is kept, in bytes. */
    public static final int KEPT_BYTES = 16 << 10;

    /** No less than the headers of any record and of its pages have, in bytes: 33 of up to 27 bytes, and 43 besides. */
    static final int HEADERS_BYTES = 1 << 10;

    /** For a segment whose last record ends in it. */
    public static final CutRecordTail NONE = new CutRecordTail(Lsn.ZERO, 0, Bytes.EMPTY);
}
