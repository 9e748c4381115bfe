package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Where the parts of a commit's or an abort's record stand, most of which are there only if a flag says so. */
final class TransactionEndParts {
    private static final int HAS_FLAGS = 0x80;

    private static final int HAS_DATABASE = 1;
    private static final int HAS_SUBTRANSACTIONS = 1 << 1;
    private static final int HAS_RELATIONS = 1 << 2;
    private static final int HAS_INVALIDATIONS = 1 << 3;
    private static final int HAS_TWO_PHASE = 1 << 4;
    private static final int HAS_ORIGIN = 1 << 5;
    private static final int HAS_NAME = 1 << 7;
    private static final int HAS_STATISTICS = 1 << 8;
    private static final int APPLY_FEEDBACK = 1 << 29;
    private static final int FORGET_INIT_FILE = 1 << 30;
    private static final int FORCE_SYNC = 1 << 31;

    private final PostgresMajor major;
    private final RecordPart data;
    private final int origin;
    private int at = 8;
    private int flags;
    private long database;
    private long tablespace;
    private int subtransactions;
    private int subtransactionsAt;
    private int relations;
    private int relationsAt;
    private int statistics;
    private int statisticsAt;
    private int messages;
    private int messagesAt;
    private long preparedTransaction;
    private int originAt;

    private TransactionEndParts(PostgresMajor major, WalRecord record) {
        this.major = major;
        data = record.mainData();
        origin = record.origin();
    }

    static TransactionEndParts read(PostgresMajor major, WalRecord record, boolean commit) {
        TransactionEndParts parts = new TransactionEndParts(major, record);
        if ((record.info() & HAS_FLAGS) != 0) {
            parts.flags = parts.data.signedInt(parts.at);
            parts.at += 4;
        }
        parts.readParts(commit);
        return parts;
    }

    private void readParts(boolean commit) {
        if (has(HAS_DATABASE)) {
            database = data.unsignedInt(at);
            tablespace = data.unsignedInt(at + 4);
            at += 8;
        }
        if (has(HAS_SUBTRANSACTIONS)) {
            subtransactions = data.signedInt(at);
            subtransactionsAt = list(subtransactions, 4);
        }
        if (has(HAS_RELATIONS)) {
            relations = data.signedInt(at);
            relationsAt = list(relations, 12);
        }
        if (has(HAS_STATISTICS) && major.compareTo(PostgresMajor.V15) >= 0) {
            statistics = data.signedInt(at);
            statisticsAt = list(statistics, TransactionWords.statisticsBytes(major));
        }
        if (commit && has(HAS_INVALIDATIONS)) {
            messages = data.signedInt(at);
            messagesAt = list(messages, Invalidations.MESSAGE_BYTES);
        }
        if (has(HAS_TWO_PHASE)) {
            preparedTransaction = data.unsignedInt(at);
            at += 4;
            if (has(HAS_NAME)) {
                at += data.text(at).length() + 1;
            }
        }
        originAt = at;
    }

    /** Passes over a list that begins with its count; tells where its first element stands. */
    private int list(int count, int size) {
        int first = at + 4;
        at = Math.addExact(first, Math.multiplyExact(Math.max(0, count), size));
        return first;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private boolean is15() {
        return major.compareTo(PostgresMajor.V15) >= 0;
    }

    void appendCommit(StringBuilder out) {
        appendStart(out);
        TransactionWords.appendStatistics(out, major, "", data, statisticsAt, statistics);
        boolean withInitFile = has(FORGET_INIT_FILE);
        Invalidations.append(out, major, data, messagesAt, messages, database, tablespace, withInitFile);
        if (is15() && has(APPLY_FEEDBACK)) {
            out.append("; apply_feedback");
        }
        if (has(FORCE_SYNC)) {
            out.append("; sync");
        }
        if (has(HAS_ORIGIN)) {
            appendOrigin(out);
        }
    }

    void appendAbort(StringBuilder out) {
        appendStart(out);
        if (is15() && has(HAS_ORIGIN)) {
            appendOrigin(out);
        }
        TransactionWords.appendStatistics(out, major, "", data, statisticsAt, statistics);
    }

    private void appendStart(StringBuilder out) {
        if (preparedTransaction != 0) {
            out.append(preparedTransaction).append(": ");
        }
        TimeNotation.append(out, data.longInteger(0));
        TransactionWords.appendRelations(out, major, "rels", data, relationsAt, relations);
        TransactionWords.appendSubtransactions(out, data, subtransactionsAt, subtransactions);
    }

    private void appendOrigin(StringBuilder out) {
        TransactionWords.appendOrigin(out, origin, data.longInteger(originAt), data.longInteger(originAt + 8));
    }
}
