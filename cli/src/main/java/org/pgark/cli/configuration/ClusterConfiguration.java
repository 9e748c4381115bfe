package org.pgark.cli.configuration;

import java.nio.file.Path;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.repository.retention.RetentionPolicy;

/**
 * A cluster as the configuration has it.
 *
 * @param name chosen by the user
 * @param pgdata the data directory, absolute
 * @param connection how to connect to its server
 * @param repository what keeps its backups and WAL
 * @param keep what is kept of it
 */
public record ClusterConfiguration(
        String name,
        Path pgdata,
        ConnectionString connection,
        RepositoryConfiguration repository,
        RetentionPolicy keep) {}
