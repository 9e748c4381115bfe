package org.pgark.physical.walreceiver;

/**
 * What is done about WAL that the server keeps because the receiver does not confirm it.
 *
 * @param warnBytes from how much on there are warnings; 0 for never
 * @param dropBytes from how much on the slot is dropped and the receiver ends; 0 for never
 */
public record SlotPolicy(long warnBytes, long dropBytes) {
    public SlotPolicy {
        if (warnBytes < 0 || dropBytes < 0) {
            throw new IllegalArgumentException("a limit of a slot is negative");
        }
    }
}
