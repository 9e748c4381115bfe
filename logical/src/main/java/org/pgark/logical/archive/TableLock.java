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

    static void take(TocEntry entry, WireConnection connection) throws IOException {
        if (!entry.is("TABLE DATA")) {
            return;
        }
        String name = NameQuoting.WHERE_NEEDED.qualified(entry.namespace(), entry.tag());
        try {
            connection.execute("LOCK TABLE " + name + " IN ACCESS SHARE MODE NOWAIT");
        } catch (ServerErrorException e) {
            if (!e.sqlState().equals(LOCK_NOT_AVAILABLE)) {
                throw e;
            }
            throw new ArchiveException(
                    "could not obtain lock on relation \"" + name
                            + "\"\n"
                            + "This usually means that someone requested an ACCESS EXCLUSIVE lock on the table after"
                            + " the pg_dump parent process had gotten the initial ACCESS SHARE lock on the table.",
                    e);
        }
    }
}
