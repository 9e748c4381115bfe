package org.pgark.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.pgark.physical.remote.RemoteRights;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;

/** How the files of a cluster reach a backup. */
enum BackupSource {
    /** From the data directory on this host, else as the connection's role may. */
    AUTO,
    /** From the data directory on this host. */
    FILES,
    /** By the server's functions that read files, over many connections. */
    SQL,
    /** In one stream, over the replication protocol. */
    REPLICATION;

    /**
     * The source itself, for a cluster.
     *
     * @param told hears why it is the replication protocol, if nobody asked for that
     */
    BackupSource settled(ClusterContext cluster, Consumer<String> told) throws IOException {
        if (this != AUTO) {
            return this;
        }
        if (cluster.settings().dataDirectory().isPresent()) {
            return FILES;
        }
        Optional<String> missing;
        try (ServerSession session = cluster.connect()) {
            missing = RemoteRights.missing(session);
        } catch (ConnectionException e) {
            missing = Optional.of(String.valueOf(e.getMessage()));
        }
        missing.ifPresent(reason ->
                told.accept("the server streams the backup, since its files cannot be read by SQL: " + reason));
        return missing.isEmpty() ? SQL : REPLICATION;
    }
}
