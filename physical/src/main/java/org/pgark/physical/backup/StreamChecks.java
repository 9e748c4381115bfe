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
        sameSystem();
        if (server.blockSize() < 1 || server.relationSegmentBlocks() < 1) {
            throw new RefusedException("block_size", "the server's pages have " + server.blockSize() + " bytes", "");
        }
        if (server.readOnly()) {
            return;
        }
        BackupChecks.requireArchiving(server.walLevel(), server.archiveMode(), server.archives(), receivedWal);
    }

    private void sameSystem() throws RefusedException {
        if (!incarnation.systemIdentifier().equals(server.systemIdentifier())) {
            throw new RefusedException(
                    "other_system",
                    "cluster \"" + incarnation.name() + "\" is known with system identifier "
                            + incarnation.systemIdentifier() + ", but the server has " + server.systemIdentifier(),
                    "If the cluster was initialised anew, register it with \"pgark init --cluster " + incarnation.name()
                            + "\"; otherwise correct the connection.");
        }
        if (!incarnation.segmentSize().equals(server.walSegmentSize())) {
            throw new RefusedException(
                    "other_segment_size",
                    "cluster \"" + incarnation.name() + "\" is known with WAL segments of "
                            + incarnation.segmentSize().bytes() + " bytes, but the server's have "
                            + server.walSegmentSize().bytes(),
                    "The size was changed by pg_resetwal. Initialise a cluster of another name in the repository.");
        }
    }
}
