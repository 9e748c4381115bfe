package org.pgark.logical.archive;

import java.io.IOException;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;

/**
 * The lock that a worker takes on its table. The dump's own connection has it already; but somebody who waits for an
 * exclusive one would make this one wait behind, for ever. So it is taken at once or not at all.
 */
final class TableLock {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private TableLock() {}

    /** Whether the lock was had, or none is needed; if not, the connection's transaction is at its end. */
    static boolean isTaken(TocEntry entry, WireConnection connection) throws IOException {
        if (!entry.is("TABLE DATA")) {
            return true;
        }
        String name = NameQuoting.WHERE_NEEDED.qualified(entry.namespace(), entry.tag());
        try {
            connection.execute("LOCK TABLE " + name + " IN ACCESS SHARE MODE NOWAIT");
            return true;
        } catch (ServerErrorException e) {
            if (e.sqlState().equals(LOCK_NOT_AVAILABLE)) {
                return false;
            }
            throw e;
        }
    }
}
