package org.pgark.physical.walreceiver;

import java.io.IOException;
import org.pgark.postgres.wal.WalSegmentName;

/** The server sends other bytes than those that were received for the same place. Nothing was overwritten. */
public final class ReceivedWalDiffersException extends IOException {
    private static final long serialVersionUID = 1L;

    ReceivedWalDiffersException(WalSegmentName segment, long offset) {
        super("the server's WAL segment \"" + segment + "\" differs at offset " + offset
                + " from what was received before");
    }
}
