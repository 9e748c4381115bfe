package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** The record of PREPARE TRANSACTION: a header with counts, and lists that each begin at a multiple of 8 bytes. */
final class Preparation {
    private Preparation() {}

    static void append(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        boolean is15 = major.compareTo(PostgresMajor.V15) >= 0;
        int subtransactions = data.signedInt(28);
        int commitRelations = data.signedInt(32);
        int abortRelations = data.signedInt(36);
        int commitStatistics = is15 ? data.signedInt(40) : 0;
        int abortStatistics = is15 ? data.signedInt(44) : 0;
        int counts = is15 ? 48 : 40;
        int messages = data.signedInt(counts);
        int nameBytes = data.unsignedShort(counts + 6);

        int nameAt = counts + 24;
        int subtransactionsAt = nameAt + aligned(nameBytes);
        int commitRelationsAt = subtransactionsAt + aligned(subtransactions * 4);
        int abortRelationsAt = commitRelationsAt + aligned(commitRelations * 12);
        int commitStatisticsAt = abortRelationsAt + aligned(abortRelations * 12);
        int size = TransactionWords.statisticsBytes(major);
        int abortStatisticsAt = commitStatisticsAt + aligned(commitStatistics * size);
        int messagesAt = abortStatisticsAt + aligned(abortStatistics * size);

        out.append("gid ").append(data.text(nameAt)).append(": ");
        TimeNotation.append(out, data.longInteger(16));
        TransactionWords.appendRelations(out, major, "rels(commit)", data, commitRelationsAt, commitRelations);
        TransactionWords.appendRelations(out, major, "rels(abort)", data, abortRelationsAt, abortRelations);
        TransactionWords.appendStatistics(out, major, "commit ", data, commitStatisticsAt, commitStatistics);
        TransactionWords.appendStatistics(out, major, "abort ", data, abortStatisticsAt, abortStatistics);
        TransactionWords.appendSubtransactions(out, data, subtransactionsAt, subtransactions);
        Invalidations.append(out, major, data, messagesAt, messages, data.unsignedInt(12), 0, data.isSet(counts + 4));
        if (is15 && record.origin() != 0) {
            TransactionWords.appendOrigin(
                    out, record.origin(), data.longInteger(counts + 8), data.longInteger(counts + 16));
        }
    }

    private static int aligned(int size) {
        return (size + 7) & ~7;
    }
}
