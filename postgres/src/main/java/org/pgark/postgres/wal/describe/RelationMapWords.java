package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** RelMap: which files the system catalogues of a database have. */
final class RelationMapWords implements RecordWords {
    @Override
    public String kind(PostgresMajor major, int info) {
        return info == 0 ? "UPDATE" : "";
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        if ((record.info() & 0xF0) == 0) {
            out.append("database ")
                    .append(data.unsignedInt(0))
                    .append(" tablespace ")
                    .append(data.unsignedInt(4));
            out.append(" size ").append(data.signedInt(8));
        }
    }
}
