package org.pgark.postgres.wal.describe;

import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Which entries of an index page go, and which keep only some of the rows that they point to. */
final class BtreeRemovals {
    private BtreeRemovals() {}

    /** Appends the lists; nothing if an image takes their place. */
    static void append(StringBuilder out, WalRecord record, int deleted, int updated) {
        RecordPart block = RecordParts.ofBlock(record, 0);
        if (block.length() == 0) {
            return;
        }
        Notation.appendOffsets(out.append(", deleted:"), block, 0, deleted);
        out.append(", updated: [");
        int at = 2 * (deleted + updated);
        for (int i = 0; i < updated; i++) {
            int rows = block.unsignedShort(at);
            out.append(i == 0 ? "" : ", ").append("{ off: ").append(block.unsignedShort(2 * (deleted + i)));
            out.append(", nptids: ").append(rows).append(", ptids:");
            Notation.appendOffsets(out, block, at + 2, rows);
            out.append(" }");
            at += 2 + 2 * rows;
        }
        out.append(']');
    }
}
