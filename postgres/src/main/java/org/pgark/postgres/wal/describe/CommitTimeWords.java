package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** CommitTs: pages of commit times. */
final class CommitTimeWords implements RecordWords {
    private static final int ZEROPAGE = 0x00;
    private static final int TRUNCATE = 0x10;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case ZEROPAGE -> "ZEROPAGE";
            case TRUNCATE -> "TRUNCATE";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case ZEROPAGE -> out.append(PageNumber.read(major, data, 0));
            case TRUNCATE -> {
                out.append("pageno ").append(PageNumber.read(major, data, 0));
                out.append(", oldestXid ").append(data.unsignedInt(PageNumber.bytes(major)));
            }
            default -> {}
        }
    }
}
