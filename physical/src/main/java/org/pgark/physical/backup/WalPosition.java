package org.pgark.physical.backup;

import java.io.IOException;
import org.pgark.postgres.Lsn;

/** Says how far the server's WAL is on disk. Safe for several threads. */
@FunctionalInterface
interface WalPosition {
    /** How far it is, or an older answer that is not before {@code wanted}. */
    Lsn reached(Lsn wanted) throws IOException;
}
