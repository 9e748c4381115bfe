package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Standby: locks, running transactions and forgotten cache entries, for hot standbys. */
final class StandbyWords implements RecordWords {
    private static final int LOCK = 0x00;
    private static final int RUNNING_XACTS = 0x10;
    private static final int INVALIDATIONS = 0x20;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case LOCK -> "LOCK";
            case RUNNING_XACTS -> "RUNNING_XACTS";
            case INVALIDATIONS -> "INVALIDATIONS";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case LOCK -> {
                for (int i = 0; i < data.signedInt(0); i++) {
                    int at = 4 + 12 * i;
                    out.append("xid ")
                            .append(data.unsignedInt(at))
                            .append(" db ")
                            .append(data.unsignedInt(at + 4));
                    out.append(" rel ").append(data.unsignedInt(at + 8)).append(' ');
                }
            }
            case RUNNING_XACTS -> appendRunning(out, major, data);
            case INVALIDATIONS ->
                Invalidations.append(
                        out,
                        major,
                        data,
                        16,
                        data.signedInt(12),
                        data.unsignedInt(0),
                        data.unsignedInt(4),
                        data.isSet(8));
            default -> {}
        }
    }

    private static void appendRunning(StringBuilder out, PostgresMajor major, RecordPart data) {
        int transactions = data.signedInt(0);
        int subtransactions = data.signedInt(4);
        boolean is16 = major.compareTo(PostgresMajor.V16) >= 0;
        out.append("nextXid ").append(data.unsignedInt(12));
        out.append(" latestCompletedXid ").append(data.unsignedInt(20));
        out.append(" oldestRunningXid ").append(data.unsignedInt(16));
        appendList(out, " xacts:", data, 24, transactions);
        if (data.isSet(8)) {
            out.append(is16 ? "; subxid overflowed" : "; subxid ovf");
        }
        if (is16) {
            appendList(out, " subxacts:", data, 24 + 4 * transactions, subtransactions);
        }
    }

    private static void appendList(StringBuilder out, String label, RecordPart data, int at, int count) {
        if (count > 0) {
            out.append("; ").append(count).append(label);
            for (int i = 0; i < count; i++) {
                out.append(' ').append(data.unsignedInt(at + 4 * i));
            }
        }
    }
}
