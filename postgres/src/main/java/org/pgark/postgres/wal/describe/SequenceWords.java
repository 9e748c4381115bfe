package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalRecord;

/** Sequence: numbers taken ahead. */
final class SequenceWords implements RecordWords {
    @Override
    public String kind(PostgresMajor major, int info) {
        return info == 0 ? "LOG" : "";
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        if ((record.info() & 0xF0) == 0) {
            Notation.appendRelation(out.append("rel "), record.mainData(), 0);
        }
    }
}
