package org.pgark.physical.standby;

import java.io.IOException;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.wire.WireConnection;

/** Brings a standby's files. */
public interface StandbyFiles {
    /** Where from, in a few words. */
    String description();

    /**
     * Fills the directory of the request. If it fails, nothing of it is left that looks like a standby.
     *
     * @param connection for replication to the primary; open and idle again when this returns
     * @param lines what stands at the end of postgresql.auto.conf; {@code standby.signal} stands beside it
     */
    void bring(StandbyRequest request, WireConnection connection, String lines)
            throws IOException, OperationException, InterruptedException;
}
