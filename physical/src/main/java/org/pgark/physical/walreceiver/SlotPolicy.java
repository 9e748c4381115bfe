package org.pgark.physical.walreceiver;

import java.time.Duration;

/**
 * What is done about WAL that the server keeps because the receiver does not confirm it.
 *
 * @param warnBytes from how much on there are warnings; 0 for never
 * @param dropBytes from how much on the slot is dropped and the receiver ends; 0 for never
 * @param patience how long that much may be kept without becoming less: a receiver that catches up is what frees the server's
 *     disk, and WAL that it would still have received must not be given up
 */
public record SlotPolicy(long warnBytes, long dropBytes, Duration patience) {
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

    public SlotPolicy {
        if (warnBytes < 0 || dropBytes < 0 || patience.isNegative()) {
            throw new IllegalArgumentException("a limit of a slot is negative");
        }
    }

    /** One that waits half a minute for what is kept to become less. */
    public SlotPolicy(long warnBytes, long dropBytes) {
        this(warnBytes, dropBytes, USUAL_PATIENCE);
    }
}
