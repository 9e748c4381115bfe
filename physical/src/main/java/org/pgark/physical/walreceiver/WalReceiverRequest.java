package org.pgark.physical.walreceiver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pgark.postgres.Lsn;

/**
 * How WAL is received.
 *
 * @param directory where it is kept until the repository has it
 * @param slot the replication slot on the server, if any
 * @param createsSlot whether the slot is made if it is not there
 * @param flush when the server is told that WAL is safe
 * @param saveInterval how often the running segment is saved to the repository
 * @param reconnect how long to wait before the server is tried again
 * @param policy what is done about a slot that keeps much
 * @param end where to stop; never if absent
 * @param silence how long the server may say nothing, though it was asked to, before the connection counts as lost
 */
public record WalReceiverRequest(
        Path directory,
        Optional<String> slot,
        boolean createsSlot,
        FlushMode flush,
        Duration saveInterval,
        Duration reconnect,
        SlotPolicy policy,
        Optional<Lsn> end,
        Duration silence) {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    public WalReceiverRequest {
        Objects.requireNonNull(directory, "directory is null");
        if (saveInterval.isNegative() || saveInterval.isZero()) {
            throw new IllegalArgumentException("invalid interval \"" + saveInterval + "\", must be positive");
        }
        if (createsSlot && slot.isEmpty()) {
            throw new IllegalArgumentException("no name for the slot that is to be created");
        }
    }

    /** One that waits a minute for a server that says nothing. */
    public WalReceiverRequest(
            Path directory,
            Optional<String> slot,
            boolean createsSlot,
            FlushMode flush,
            Duration saveInterval,
            Duration reconnect,
            SlotPolicy policy,
            Optional<Lsn> end) {
        this(directory, slot, createsSlot, flush, saveInterval, reconnect, policy, end, LONGEST_SILENCE);
    }
}
