package org.pgark.physical.walreceiver;

import java.time.Duration;
import org.pgark.postgres.Lsn;

/** Judges how much WAL a slot makes the server keep, from one connection to the next. For one thread. */
final class SlotBacklog {
    /** While a receiver tries, the server's end is seen every second or so. */
    private static final long LONGEST_GAP = Duration.ofSeconds(10).toNanos();

    private final SlotPolicy policy;
    private Lsn confirmed = Lsn.ZERO;
    private long least = Long.MAX_VALUE;
    private long leastSince;
    private long looked;
    private boolean hopeless;

    SlotBacklog(SlotPolicy policy) {
        this.policy = policy;
    }

    /** A stream begins here; as long as nothing was confirmed, the slot keeps what is from here on. */
    void begins(Lsn start) {
        if (confirmed.equals(Lsn.ZERO)) {
            confirmed = start;
        }
    }

    /** So much is safe, as the server is told; what is not known yet, or is less than before, takes nothing back. */
    void confirms(Lsn position) {
        if (position.isAfter(confirmed)) {
            confirmed = position;
        }
    }

    /**
     * Looks at the server's end.
     *
     * @param nanos the time, as {@link System#nanoTime} has it
     * @return how many bytes the slot keeps
     */
    long look(Lsn end, long nanos) {
        long kept = end.isAfter(confirmed) ? end.minus(confirmed) : 0;
        if (policy.dropBytes() == 0 || kept <= policy.dropBytes()) {
            least = Long.MAX_VALUE;
            hopeless = false;
            return kept;
        }
        // A server that was away, or had nothing to say, gave nothing to catch up with.
        if (kept < least || nanos - looked > LONGEST_GAP) {
            least = kept;
            leastSince = nanos;
        }
        looked = nanos;
        hopeless = nanos - leastSince >= policy.patience().toNanos();
        return kept;
    }

    /** Whether the slot is to be dropped, by what was seen last. */
    boolean isHopeless() {
        return hopeless;
    }
}
