package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** MultiXact: numbers that stand for several transactions which lock a row. */
final class MultiTransactionWords implements RecordWords {
    private static final int ZERO_OFF_PAGE = 0x00;
    private static final int ZERO_MEM_PAGE = 0x10;
    private static final int CREATE_ID = 0x20;
    private static final int TRUNCATE_ID = 0x30;
    private static final String[] STATES = {"keysh", "sh", "fornokeyupd", "forupd", "nokeyupd", "upd"};

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case ZERO_OFF_PAGE -> "ZERO_OFF_PAGE";
            case ZERO_MEM_PAGE -> "ZERO_MEM_PAGE";
            case CREATE_ID -> "CREATE_ID";
            case TRUNCATE_ID -> "TRUNCATE_ID";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case ZERO_OFF_PAGE, ZERO_MEM_PAGE -> out.append(PageNumber.read(major, data, 0));
            case CREATE_ID -> {
                int members = data.signedInt(8);
                out.append(data.unsignedInt(0)).append(" offset ").append(data.unsignedInt(4));
                out.append(" nmembers ").append(members).append(": ");
                for (int i = 0; i < members; i++) {
                    appendMember(out, data.unsignedInt(12 + 8 * i), data.signedInt(16 + 8 * i));
                }
            }
            case TRUNCATE_ID -> {
                out.append("offsets [").append(data.unsignedInt(4)).append(", ").append(data.unsignedInt(8));
                out.append("), members [").append(data.unsignedInt(12)).append(", ");
                out.append(data.unsignedInt(16)).append(')');
            }
            default -> {}
        }
    }

    private static void appendMember(StringBuilder out, long transaction, int state) {
        out.append(transaction).append(" (");
        out.append(state >= 0 && state < STATES.length ? STATES[state] : "unk").append(") ");
    }
}
