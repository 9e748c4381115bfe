package org.pgark.repository.collect;

import java.io.IOException;
import org.pgark.repository.frame.ObjectId;

/** A backup needs a pack that the log does not say it needs: then nobody knows what may be deleted. */
final class UnlistedPackException extends IOException {
    private static final long serialVersionUID = 1;

    UnlistedPackException(String backup, ObjectId pack) {
        super("backup " + backup + " needs pack " + pack
                + ", which the log does not list for it; nothing is collected");
    }
}
