package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgark.physical.several.Requirement;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.repository.retention.RetentionPolicy;

/**
 * A cluster as the configuration has it.
 *
 * @param name chosen by the user
 * @param dataDirectory on this host, absolute; empty for a cluster that is reached by its connection only
 * @param connection how to connect to its server
 * @param repositories what keep its backups and WAL, the nearest first; at least one
 * @param requirement which of them must have something before it counts as kept
 * @param keep what is kept of it
 * @param receive how its WAL is received here
 */
public record ClusterConfiguration(
        String name,
        Optional<Path> dataDirectory,
        ConnectionString connection,
        List<RepositoryConfiguration> repositories,
        Requirement requirement,
        RetentionPolicy keep,
        ReceiveConfiguration receive) {
    public ClusterConfiguration {
        repositories = List.copyOf(repositories);
        if (repositories.isEmpty()) {
            throw new IllegalArgumentException("cluster \"" + name + "\" has no repository");
        }
    }

    /** The nearest of its repositories; the only one, in most cases. */
    public RepositoryConfiguration repository() {
        return repositories.getFirst();
    }

    /** Whether it has more than one. */
    public boolean hasSeveralRepositories() {
        return repositories.size() > 1;
    }

    /**
     * The same, as if it had only the repository of this name; without a name, itself.
     *
     * @throws ConfigurationException if it has no such repository
     */
    public ClusterConfiguration in(Optional<String> repository) throws ConfigurationException {
        if (repository.isEmpty()) {
            return this;
        }
        List<RepositoryConfiguration> found = repositories.stream()
                .filter(one -> one.name().equals(repository.get()))
                .toList();
        if (found.isEmpty()) {
            throw new ConfigurationException(Problem.of(
                    "cluster \"" + name + "\" has no repository \"" + repository.get() + "\"",
                    "It has "
                            + repositories.stream()
                                    .map(one -> "\"" + one.name() + "\"")
                                    .collect(Collectors.joining(", "))
                            + "."));
        }
        return new ClusterConfiguration(name, dataDirectory, connection, found, new Requirement.All(), keep, receive);
    }

    /**
     * The data directory.
     *
     * @throws NoDataDirectoryException if it is not on this host
     */
    public Path pgdata() {
        return dataDirectory.orElseThrow(() -> new NoDataDirectoryException(name));
    }
}
