package org.pgark.embedded.ledger;

import java.time.Instant;
import java.util.Objects;

/**
 * What is known of one transaction of the load, all times by the clock of the server.
 *
 * @param id the id of the row that it inserted
 * @param transaction its transaction id, without epoch
 * @param notBefore the commit record does not begin before this position
 * @param notAfter the commit record ends at or before this position
 * @param earliest the commit's timestamp is not before this instant
 * @param latest the commit's timestamp is not after this instant; equal to {@code earliest} where the server tracks it
 * @param acknowledged when the client had been told that it is committed, {@link Instant#MAX} if that is not known
 * @param committed whether the client was told that it is committed
 */
public record LedgerEntry(
        long id,
        long transaction,
        WalPosition notBefore,
        WalPosition notAfter,
        Instant earliest,
        Instant latest,
        Instant acknowledged,
        boolean committed) {
    public LedgerEntry {
        Objects.requireNonNull(notBefore, "notBefore is null");
        Objects.requireNonNull(notAfter, "notAfter is null");
        Objects.requireNonNull(earliest, "earliest is null");
        Objects.requireNonNull(latest, "latest is null");
        Objects.requireNonNull(acknowledged, "acknowledged is null");
        if (notAfter.isBefore(notBefore)) {
            throw new IllegalArgumentException("entry " + id + " ends at " + notAfter + " before " + notBefore);
        }
    }

    /** A transaction that is about to commit, and of which the client may never hear again. */
    static LedgerEntry attempt(long id, long transaction, WalPosition position, Instant time) {
        return new LedgerEntry(
                id, transaction, position, WalPosition.UNKNOWN_END, time, Instant.MAX, Instant.MAX, false);
    }

    /** The same transaction, committed for certain, with nothing more known of it. */
    LedgerEntry asCommitted() {
        return new LedgerEntry(id, transaction, notBefore, notAfter, earliest, latest, acknowledged, true);
    }

    /** The same transaction, committed within these bounds. */
    LedgerEntry asCommitted(WalPosition position, Instant lowest, Instant highest, Instant now) {
        return new LedgerEntry(id, transaction, notBefore, position, lowest, highest, now, true);
    }
}
