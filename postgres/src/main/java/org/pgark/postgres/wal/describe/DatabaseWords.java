package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Database: folders of databases, made and removed. Up to version 14 one kind makes, and the numbers differ. */
final class DatabaseWords implements RecordWords {
    @Override
    public String kind(PostgresMajor major, int info) {
        boolean is15 = major.compareTo(PostgresMajor.V15) >= 0;
        return switch (info) {
            case 0x00 -> is15 ? "CREATE_FILE_COPY" : "CREATE";
            case 0x10 -> is15 ? "CREATE_WAL_LOG" : "DROP";
            case 0x20 -> is15 ? "DROP" : "";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (kind(major, record.info() & 0xF0)) {
            case "CREATE", "CREATE_FILE_COPY" -> {
                out.append("copy dir ").append(data.unsignedInt(12)).append('/').append(data.unsignedInt(8));
                out.append(" to ").append(data.unsignedInt(4)).append('/').append(data.unsignedInt(0));
            }
            case "CREATE_WAL_LOG" ->
                out.append("create dir ")
                        .append(data.unsignedInt(4))
                        .append('/')
                        .append(data.unsignedInt(0));
            case "DROP" -> {
                out.append("dir");
                for (int i = 0; i < data.signedInt(4); i++) {
                    out.append(' ')
                            .append(data.unsignedInt(8 + 4 * i))
                            .append('/')
                            .append(data.unsignedInt(0));
                }
            }
            default -> {}
        }
    }
}
