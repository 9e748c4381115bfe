package org.pgark.postgres.wal;

import java.time.Instant;
import java.util.List;

/**
 * What one segment tells of the commits and aborts whose records lie wholly in it.
 *
 * @param earliest the lowest time of a commit or abort; {@link Instant#MAX} if there is none
 * @param latest the highest time of a commit or abort; {@link Instant#MIN} if there is none
 * @param last the last one in the WAL's order; empty if there is none
 * @param ids the transactions that ended, subtransactions and those without an id left out
 */
public record TransactionFacts(Instant earliest, Instant latest, List<TransactionEnd> last, TransactionIds ids) {
    /** For a segment in which no transaction ended. */
    public static final TransactionFacts NONE =
            new TransactionFacts(Instant.MAX, Instant.MIN, List.of(), TransactionIds.EMPTY);

    public TransactionFacts {
        last = List.copyOf(last);
    }

    /** Whether no transaction ended here. */
    public boolean isEmpty() {
        return last.isEmpty();
    }
}
