package org.pgark.physical.receive;

import java.time.Duration;
import java.util.Optional;
import org.pgark.postgres.Lsn;

/**
 * What to stream and how.
 *
 * @param start where to begin, the start of a segment
 * @param timeline the timeline to begin on
 * @param systemIdentifier the cluster that it must be, if that is known
 * @param slot the replication slot, if any; with one the flush position is reported
 * @param synchronous whether to flush after every write and report it at once
 * @param statusInterval how often to report; zero for never, unless the server asks
 * @param segmentSize bytes of a segment
 * @param marksDone whether complete files are marked as archived
 * @param silence how long the server may say nothing, though it was asked to, before it counts as lost; zero for ever
 */
public record WalStreamRequest(
        Lsn start,
        int timeline,
        Optional<String> systemIdentifier,
        Optional<String> slot,
        boolean synchronous,
        Duration statusInterval,
        int segmentSize,
        boolean marksDone,
        Duration silence) {
    public WalStreamRequest {
        if (segmentSize < 1 || Integer.bitCount(segmentSize) != 1) {
            throw new IllegalArgumentException("invalid segment size: " + segmentSize);
        }
    }

    /** One that waits for a silent server for ever, as PostgreSQL's programs do. */
    public WalStreamRequest(
            Lsn start,
            int timeline,
            Optional<String> systemIdentifier,
            Optional<String> slot,
            boolean synchronous,
            Duration statusInterval,
            int segmentSize,
            boolean marksDone) {
        this(
                start,
                timeline,
                systemIdentifier,
                slot,
                synchronous,
                statusInterval,
                segmentSize,
                marksDone,
                Duration.ZERO);
    }

    boolean reportsFlush() {
        return synchronous || slot.isPresent();
    }
}
