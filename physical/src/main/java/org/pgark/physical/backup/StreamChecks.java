package org.pgark.physical.backup;

import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.Incarnation;

/** What must be true before a server streams a backup; each refusal says what to do. */
final class StreamChecks {
    private final StreamSource server;
    private final Incarnation incarnation;

    StreamChecks(StreamSource server, Incarnation incarnation) {
        this.server = server;
        this.incarnation = incarnation;
    }

    /** @param receivedWal whether WAL reaches the repository without the server's archiving */
    void require(boolean receivedWal) throws RefusedException {
        BackupChecks.requireSameSystem(incarnation, server.systemIdentifier(), server.walSegmentSize());
        if (server.blockSize() < 1 || server.relationSegmentBlocks() < 1) {
            throw new RefusedException("block_size", "the server's pages have " + server.blockSize() + " bytes", "");
        }
        if (server.readOnly()) {
            return;
        }
        BackupChecks.requireArchiving(server.walLevel(), server.archiveMode(), server.archives(), receivedWal);
    }
}
