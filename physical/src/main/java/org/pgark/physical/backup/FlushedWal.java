package org.pgark.physical.backup;

import org.pgark.postgres.Lsn;
import org.pgark.postgres.connection.ConnectionException;

/** Asks the server how far its WAL is on disk, but only when the last answer is not enough. */
final class FlushedWal implements WalPosition {
    private final BackupMode server;
    private volatile Lsn known;

    FlushedWal(BackupMode server, Lsn known) {
        this.server = server;
        this.known = known;
    }

    @Override
    public Lsn reached(Lsn wanted) throws ConnectionException {
        if (known.isBefore(wanted)) {
            known = server.flushed();
        }
        return known;
    }
}
