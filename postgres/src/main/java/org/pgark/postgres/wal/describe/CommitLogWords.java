package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** CLOG: pages of transaction status. */
final class CommitLogWords implements RecordWords {
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
        int operation = record.info() & 0xF0;
        if (operation == ZEROPAGE || operation == TRUNCATE) {
            out.append("page ").append(PageNumber.read(major, data, 0));
        }
        if (operation == TRUNCATE) {
            out.append("; oldestXact ").append(data.unsignedInt(PageNumber.bytes(major)));
        }
    }
}
