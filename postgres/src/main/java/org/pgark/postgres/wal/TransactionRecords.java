package org.pgark.postgres.wal;

import java.util.Optional;
import org.pgark.postgres.PostgresMajor;

/**
 * Reads commits and aborts out of records: {@code xl_xact_commit}, {@code xl_xact_abort} of access/xact.h.
 *
 * <p>The main data is a time, and, if the record's flag says so, a set of bits and the parts that they announce, in the
 * order in which {@link #endOfPrepared} passes over them.
 */
final class TransactionRecords {
    private static final int KIND_MASK = 0x70;
    private static final int COMMIT = 0x00;
    private static final int ABORT = 0x20;
    private static final int COMMIT_PREPARED = 0x30;
    private static final int ABORT_PREPARED = 0x40;

    private static final int HAS_PARTS = 0x80;
    private static final int HAS_DATABASE = 1;
    private static final int HAS_SUBTRANSACTIONS = 1 << 1;
    private static final int HAS_DROPPED_FILES = 1 << 2;
    private static final int HAS_INVALIDATIONS = 1 << 3;
    private static final int HAS_PREPARED_ID = 1 << 4;
    private static final int HAS_DROPPED_STATISTICS = 1 << 8;

    private static final int DATABASE_BYTES = 8;
    private static final int SUBTRANSACTION_BYTES = 4;
    private static final int DROPPED_FILE_BYTES = 12;
    private static final int INVALIDATION_BYTES = 16;

    private TransactionRecords() {}

    /** Whether the record ends a transaction and holds enough to tell when. */
    static boolean isEnd(WalRecord record) {
        return endsTransaction(record) && record.mainDataBytes() >= Long.BYTES;
    }

    /** Whether the record ends a transaction. */
    static boolean endsTransaction(WalRecord record) {
        return record.resourceManager() == ResourceManager.TRANSACTION
                && switch (record.info() & KIND_MASK) {
                    case COMMIT, ABORT, COMMIT_PREPARED, ABORT_PREPARED -> true;
                    default -> false;
                };
    }

    /** How many relations a record that ends a transaction removes; -1 if the list of them is not whole. */
    static int droppedRelations(WalRecord record) {
        if ((record.info() & HAS_PARTS) == 0) {
            return 0;
        }
        if (record.mainDataBytes() < Long.BYTES + Integer.BYTES) {
            return -1;
        }
        if ((number(record, Long.BYTES) & HAS_DROPPED_FILES) == 0) {
            return 0;
        }
        long at = droppedRelationsOffset(record);
        if (at > record.mainDataBytes()) {
            return -1;
        }
        int count = number(record, at - Integer.BYTES);
        return count < 0 || count > (record.mainDataBytes() - at) / DROPPED_FILE_BYTES ? -1 : count;
    }

    /** Where in the main data the first of the removed relations stands. */
    static long droppedRelationsOffset(WalRecord record) {
        return droppedFiles(record, number(record, Long.BYTES)) + Integer.BYTES;
    }

    /** Where the list of removed relations stands, if there is one, with its count. */
    private static long droppedFiles(WalRecord record, int parts) {
        long at = Long.BYTES + Integer.BYTES;
        if ((parts & HAS_DATABASE) != 0) {
            at += DATABASE_BYTES;
        }
        return (parts & HAS_SUBTRANSACTIONS) == 0 ? at : afterList(record, at, SUBTRANSACTION_BYTES);
    }

    /** Whether a record that ends a transaction commits it. */
    static boolean isCommit(WalRecord record) {
        int kind = record.info() & KIND_MASK;
        return kind == COMMIT || kind == COMMIT_PREPARED;
    }

    /** When a record that ends a transaction was written, in microseconds since 2000. */
    static long micros(WalRecord record) {
        return record.mainDataLong(0);
    }

    /** Which transaction a record that ends one ends; 0 if it is one without an id or if that part was not kept. */
    static int endedTransaction(WalRecord record, PostgresMajor major) {
        int kind = record.info() & KIND_MASK;
        return kind == COMMIT || kind == ABORT ? record.transactionId() : endOfPrepared(record, major);
    }

    static Optional<TransactionEnd> end(WalRecord record, PostgresMajor major) {
        if (!isEnd(record)) {
            return Optional.empty();
        }
        return Optional.of(new TransactionEnd(
                endedTransaction(record, major),
                isCommit(record),
                ServerTime.toInstant(micros(record)),
                record.start(),
                record.end()));
    }

    private static int endOfPrepared(WalRecord record, PostgresMajor major) {
        if ((record.info() & HAS_PARTS) == 0) {
            return 0;
        }
        int parts = number(record, Long.BYTES);
        long at = droppedFiles(record, parts);
        if ((parts & HAS_DROPPED_FILES) != 0) {
            at = afterList(record, at, DROPPED_FILE_BYTES);
        }
        if ((parts & HAS_DROPPED_STATISTICS) != 0) {
            at = afterList(record, at, major.compareTo(PostgresMajor.V18) < 0 ? 12 : 16);
        }
        if ((parts & HAS_INVALIDATIONS) != 0) {
            at = afterList(record, at, INVALIDATION_BYTES);
        }
        return (parts & HAS_PREPARED_ID) == 0 ? 0 : number(record, at);
    }

    private static long afterList(WalRecord record, long at, int itemBytes) {
        return at + Integer.BYTES + Integer.toUnsignedLong(number(record, at)) * itemBytes;
    }

    private static int number(WalRecord record, long at) {
        return at > record.mainDataBytes() - Integer.BYTES ? 0 : record.mainDataInt((int) at);
    }
}
