package org.pgark.postgres.wal;

/**
 * What a segment's start holds of a record that began in an earlier segment.
 *
 * @param remaining how many bytes of that record were still to come at the segment's start; 0 if there is none
 * @param bytes the first of them, page headers left out, at most {@link CutRecordTail#KEPT_BYTES}
 */
public record CutRecordHead(int remaining, Bytes bytes) {
    /** For a segment that begins with a record of its own. */
    public static final CutRecordHead NONE = new CutRecordHead(0, Bytes.EMPTY);

    /** This with another page's part of the record. */
    CutRecordHead extended(int remainingHere, byte[] page, int offset, int size) {
        int room = CutRecordTail.KEPT_BYTES - bytes.length();
        return new CutRecordHead(
                remaining == 0 ? remainingHere : remaining,
                room <= 0 ? bytes : bytes.plus(page, offset, Math.min(room, size)));
    }
}
