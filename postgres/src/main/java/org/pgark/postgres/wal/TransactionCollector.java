package org.pgark.postgres.wal;

import java.util.Arrays;
import java.util.List;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;

/** Gathers the commits and aborts of a segment; makes no objects per record, since there may be 100,000 of them. */
final class TransactionCollector {
    private long earliest = Long.MAX_VALUE;
    private long latest = Long.MIN_VALUE;
    private int[] ids = new int[64];
    private int idCount;

    private boolean any;
    private int lastId;
    private boolean lastCommitted;
    private long lastMicros;
    private Lsn lastStart = Lsn.ZERO;
    private Lsn lastEnd = Lsn.ZERO;

    void take(WalRecord record, PostgresMajor major) {
        if (!TransactionRecords.isEnd(record)) {
            return;
        }
        any = true;
        lastId = TransactionRecords.endedTransaction(record, major);
        lastCommitted = TransactionRecords.isCommit(record);
        lastMicros = TransactionRecords.micros(record);
        lastStart = record.start();
        lastEnd = record.end();
        earliest = Math.min(earliest, lastMicros);
        latest = Math.max(latest, lastMicros);
        if (lastId != 0) {
            if (idCount == ids.length) {
                ids = Arrays.copyOf(ids, idCount * 2);
            }
            ids[idCount++] = lastId;
        }
    }

    TransactionFacts facts() {
        if (!any) {
            return TransactionFacts.NONE;
        }
        return new TransactionFacts(
                ServerTime.toInstant(earliest),
                ServerTime.toInstant(latest),
                List.of(new TransactionEnd(
                        lastId, lastCommitted, ServerTime.toInstant(lastMicros), lastStart, lastEnd)),
                TransactionIds.of(Arrays.copyOf(ids, idCount)));
    }
}
