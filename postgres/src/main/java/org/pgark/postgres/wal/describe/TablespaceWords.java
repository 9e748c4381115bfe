package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Tablespace: made and dropped. */
final class TablespaceWords implements RecordWords {
    private static final int CREATE = 0x00;
    private static final int DROP = 0x10;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case CREATE -> "CREATE";
            case DROP -> "DROP";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case CREATE ->
                out.append(data.unsignedInt(0))
                        .append(" \"")
                        .append(data.text(4))
                        .append('"');
            case DROP -> out.append(data.unsignedInt(0));
            default -> {}
        }
    }
}
