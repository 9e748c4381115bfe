package org.pgark.embedded.ledger;

import java.time.Instant;
import java.util.Objects;

/** Where a recovery was told to stop, in the sense of PostgreSQL's recovery_target settings. */
public sealed interface LedgerTarget {
    /**
     * recovery_target_time.
     *
     * @param inclusive whether a commit with exactly this timestamp is replayed
     */
    record AtTime(Instant time, boolean inclusive) implements LedgerTarget {
        public AtTime {
            Objects.requireNonNull(time, "time is null");
        }
    }

    /**
     * recovery_target_lsn.
     *
     * @param inclusive whether the first record that begins at or after the position is replayed too
     */
    record AtLsn(WalPosition position, boolean inclusive) implements LedgerTarget {
        public AtLsn {
            Objects.requireNonNull(position, "position is null");
        }

        /** The position in PostgreSQL's notation. */
        public static AtLsn of(String lsn, boolean inclusive) {
            return new AtLsn(WalPosition.parse(lsn), inclusive);
        }
    }

    /**
     * recovery_target_xid.
     *
     * @param transaction a transaction of the ledger
     */
    record AtTransaction(long transaction, boolean inclusive) implements LedgerTarget {}

    /**
     * recovery_target_name.
     *
     * @param name a restore point that was made through the ledger
     */
    record AtRestorePoint(String name) implements LedgerTarget {
        public AtRestorePoint {
            Objects.requireNonNull(name, "name is null");
        }
    }

    /** The end of all WAL: every commit that was acknowledged. */
    record Latest() implements LedgerTarget {}

    /**
     * Any moment that is not before a position: recovery_target = 'immediate', or a crash.
     *
     * @param position for example the stop position of the backup
     */
    record NotBefore(WalPosition position) implements LedgerTarget {
        public NotBefore {
            Objects.requireNonNull(position, "position is null");
        }
    }
}
