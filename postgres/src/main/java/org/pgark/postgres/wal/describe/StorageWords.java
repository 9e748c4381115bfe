package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Storage: files of relations, made and cut. */
final class StorageWords implements RecordWords {
    private static final int CREATE = 0x10;
    private static final int TRUNCATE = 0x20;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case CREATE -> "CREATE";
            case TRUNCATE -> "TRUNCATE";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case CREATE -> Notation.appendPath(out, major, data, 0, data.signedInt(12));
            case TRUNCATE -> {
                Notation.appendPath(out, major, data, 4, 0);
                out.append(" to ")
                        .append(data.unsignedInt(0))
                        .append(" blocks flags ")
                        .append(data.signedInt(16));
            }
            default -> {}
        }
    }
}
