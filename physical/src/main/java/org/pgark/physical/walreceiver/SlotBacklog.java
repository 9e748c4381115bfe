package org.pgark.physical.walreceiver;

/** Judges how much WAL a slot makes the server keep, as one stream goes on. */
final class SlotBacklog {
    private final SlotPolicy policy;
    private long least = Long.MAX_VALUE;
    private long leastSince;

    SlotBacklog(SlotPolicy policy) {
        this.policy = policy;
    }

    /**
     * Whether the slot is to be dropped.
     *
     * @param kept how many bytes it keeps now
     * @param nanos the time, as {@link System#nanoTime} has it
     */
    boolean isTooLong(long kept, long nanos) {
        if (policy.dropBytes() == 0 || kept <= policy.dropBytes()) {
            least = Long.MAX_VALUE;
            return false;
        }
        if (kept < least) {
            least = kept;
            leastSince = nanos;
        }
        return nanos - leastSince >= policy.patience().toNanos();
    }
}
