package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Transaction: commits, aborts, preparations, and what they take along. */
final class TransactionWords implements RecordWords {
    private static final int OPERATION = 0x70;
    private static final int COMMIT = 0x00;
    private static final int PREPARE = 0x10;
    private static final int ABORT = 0x20;
    private static final int COMMIT_PREPARED = 0x30;
    private static final int ABORT_PREPARED = 0x40;
    private static final int ASSIGNMENT = 0x50;
    private static final int INVALIDATIONS = 0x60;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info & OPERATION) {
            case COMMIT -> "COMMIT";
            case PREPARE -> "PREPARE";
            case ABORT -> "ABORT";
            case COMMIT_PREPARED -> "COMMIT_PREPARED";
            case ABORT_PREPARED -> "ABORT_PREPARED";
            case ASSIGNMENT -> "ASSIGNMENT";
            case INVALIDATIONS -> major == PostgresMajor.V13 ? "" : "INVALIDATION";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & OPERATION) {
            case COMMIT, COMMIT_PREPARED ->
                TransactionEndParts.read(major, record, true).appendCommit(out);
            case ABORT, ABORT_PREPARED ->
                TransactionEndParts.read(major, record, false).appendAbort(out);
            case PREPARE -> Preparation.append(out, major, record);
            case ASSIGNMENT -> {
                out.append("xtop ").append(data.unsignedInt(0)).append(": subxacts:");
                appendNumbers(out, data, 8, data.signedInt(4));
            }
            case INVALIDATIONS -> {
                if (major != PostgresMajor.V13) {
                    Invalidations.append(out, major, data, 4, data.signedInt(0), 0, 0, false);
                }
            }
            default -> {}
        }
    }

    static void appendRelations(
            StringBuilder out, PostgresMajor major, String label, RecordPart data, int at, int count) {
        if (count > 0) {
            out.append("; ").append(label).append(':');
            for (int i = 0; i < count; i++) {
                out.append(' ');
                Notation.appendPath(out, major, data, at + i * 12, 0);
            }
        }
    }

    static void appendSubtransactions(StringBuilder out, RecordPart data, int at, int count) {
        if (count > 0) {
            out.append("; subxacts:");
            appendNumbers(out, data, at, count);
        }
    }

    /** How long an entry about dropped statistics is. */
    static int statisticsBytes(PostgresMajor major) {
        return major.compareTo(PostgresMajor.V18) >= 0 ? 16 : 12;
    }

    static void appendStatistics(
            StringBuilder out, PostgresMajor major, String label, RecordPart data, int at, int count) {
        if (count > 0) {
            out.append("; ").append(label).append("dropped stats:");
            int size = statisticsBytes(major);
            for (int i = 0; i < count; i++) {
                int item = at + i * size;
                out.append(' ').append(data.signedInt(item)).append('/').append(data.unsignedInt(item + 4));
                out.append('/');
                out.append(
                        size == 16
                                ? Long.toUnsignedString(data.longInteger(item + 8))
                                : data.unsignedInt(item + 8) + "");
            }
        }
    }

    static void appendOrigin(StringBuilder out, int origin, long position, long time) {
        out.append("; origin: node ").append(origin);
        out.append(", lsn ").append(Notation.lsn(position)).append(", at ");
        TimeNotation.append(out, time);
    }

    private static void appendNumbers(StringBuilder out, RecordPart data, int at, int count) {
        for (int i = 0; i < count; i++) {
            out.append(' ').append(data.unsignedInt(at + 4 * i));
        }
    }
}
