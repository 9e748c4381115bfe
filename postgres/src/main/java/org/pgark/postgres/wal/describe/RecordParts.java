package org.pgark.postgres.wal.describe;

import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Parts of a record by the number of a page in it. */
final class RecordParts {
    private RecordParts() {}

    /** What the record says of the page with this number; a part without content if nothing. */
    static RecordPart ofBlock(WalRecord record, int id) {
        int index = record.blocks().indexOf(id);
        return index < 0 ? RecordPart.empty() : record.blocks().data(index);
    }

    /** Whether the record has an image of the page with this number. */
    static boolean hasImage(WalRecord record, int id) {
        int index = record.blocks().indexOf(id);
        return index >= 0 && record.blocks().hasImage(index);
    }

    /** Whether replay uses that image. */
    static boolean isImageApplied(WalRecord record, int id) {
        int index = record.blocks().indexOf(id);
        return index >= 0 && record.blocks().isImageApplied(index);
    }
}
