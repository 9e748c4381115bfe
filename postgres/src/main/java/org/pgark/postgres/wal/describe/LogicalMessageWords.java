package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** LogicalMessage: what an application left for logical decoding. */
final class LogicalMessageWords implements RecordWords {
    private static final int HEADER_BYTES = 24;
    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    @Override
    public String kind(PostgresMajor major, int info) {
        return info == 0 ? "MESSAGE" : "";
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        if ((record.info() & 0xF0) != 0) {
            return;
        }
        RecordPart data = record.mainData();
        boolean transactional = data.isSet(4);
        long size = data.longInteger(16);
        if (major == PostgresMajor.V13) {
            out.append(transactional ? "transactional" : "nontransactional").append(" message size ");
            out.append(Long.toUnsignedString(size)).append(" bytes");
            return;
        }
        out.append(transactional ? "transactional" : "non-transactional").append(", prefix \"");
        out.append(data.text(HEADER_BYTES)).append("\"; payload (").append(Long.toUnsignedString(size));
        out.append(" bytes): ");
        int at = Math.toIntExact(HEADER_BYTES + data.longInteger(8));
        for (long i = 0; i < size; i++) {
            int value = data.unsignedByte(at++);
            out.append(i == 0 ? "" : " ").append(DIGITS[value >> 4]).append(DIGITS[value & 15]);
        }
    }
}
