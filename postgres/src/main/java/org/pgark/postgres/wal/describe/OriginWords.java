package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** ReplicationOrigin: how far changes from elsewhere were taken over. */
final class OriginWords implements RecordWords {
    private static final int SET = 0x00;
    private static final int DROP = 0x10;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case SET -> "SET";
            case DROP -> "DROP";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case SET -> {
                out.append("set ").append(data.unsignedShort(8));
                out.append("; lsn ").append(Notation.lsn(data.longInteger(0)));
                out.append("; force: ").append(data.unsignedByte(10));
            }
            case DROP -> out.append("drop ").append(data.unsignedShort(0));
            default -> {}
        }
    }
}
