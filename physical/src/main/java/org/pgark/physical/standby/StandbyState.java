package org.pgark.physical.standby;

import java.util.Optional;
import org.pgark.postgres.Lsn;

/**
 * A standby that streams.
 *
 * @param process the number of its first process
 * @param port where it listens
 * @param received up to where it has WAL, or has replayed it if that is known
 * @param primary where the primary's WAL ended a moment later
 * @param sender host and port that it streams from, if the standby lets itself be asked
 */
public record StandbyState(long process, int port, Lsn received, Lsn primary, Optional<String> sender) {
    /** How many bytes of WAL it lacks, 0 at least. */
    public long lag() {
        return received.isBefore(primary) ? primary.minus(received) : 0;
    }
}
