package org.pgark.embedded.ledger;

import java.time.Instant;
import java.util.Objects;

/**
 * A moment at which no transaction of the load was under way.
 *
 * @param time by the clock of the server
 * @param position the insert position
 * @param commits how many acknowledged commits there were by then
 */
public record LedgerMark(Instant time, WalPosition position, int commits) {
    public LedgerMark {
        Objects.requireNonNull(time, "time is null");
        Objects.requireNonNull(position, "position is null");
    }
}
