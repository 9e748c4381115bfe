package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.Optional;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.repository.retention.RetentionPolicy;

/**
 * A cluster as the configuration has it.
 *
 * @param name chosen by the user
 * @param dataDirectory on this host, absolute; empty for a cluster that is reached by its connection only
 * @param connection how to connect to its server
 * @param repository what keeps its backups and WAL
 * @param keep what is kept of it
 * @param receive how its WAL is received here
 */
public record ClusterConfiguration(
        String name,
        Optional<Path> dataDirectory,
        ConnectionString connection,
        RepositoryConfiguration repository,
        RetentionPolicy keep,
        ReceiveConfiguration receive) {
    /**
     * The data directory.
     *
     * @throws NoDataDirectoryException if it is not on this host
     */
    public Path pgdata() {
        return dataDirectory.orElseThrow(() -> new NoDataDirectoryException(name));
    }
}
