package org.pgark.repository.archive;

import java.io.IOException;
import org.pgark.postgres.wal.WalSegmentName;

/** Other bytes of this running segment are saved already: somebody receives WAL of this timeline from another server. */
public final class DifferentPieceException extends IOException {
    private static final long serialVersionUID = 1L;

    DifferentPieceException(WalSegmentName segment, int from) {
        super("running WAL segment \"" + segment + "\" is saved already with other content behind offset " + from);
    }
}
