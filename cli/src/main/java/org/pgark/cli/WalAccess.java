package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.physical.several.ArchivePlaces;
import org.pgark.physical.several.Archives;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.RepositoryOpener;
import org.pgark.repository.Repository;

/** Which cluster a WAL command is about, and its archive. */
final class WalAccess {
    private WalAccess() {}

    /** The cluster that was named, else the one whose data directory is the working directory, else the only one. */
    static ClusterConfiguration cluster(Configuration configuration, Optional<String> name)
            throws ConfigurationException {
        if (name.isPresent()) {
            return configuration.cluster(name);
        }
        Optional<ClusterConfiguration> here =
                configuration.clusterOfDataDirectory(Path.of("").toAbsolutePath());
        return here.isPresent() ? here.get() : configuration.cluster(name);
    }

    /** The archives of a cluster in all of its repositories. */
    static Archives archives(ClusterConfiguration cluster) {
        return new Archives(
                cluster.name(),
                ArchivePlaces.Source.of(places(cluster, Optional.empty(), BacklogLimit.NONE)),
                1,
                InstantSource.system());
    }

    /**
     * Opens the repositories that keep the cluster's WAL, beside what is received of it on this host.
     *
     * @param configuration the file that names them; empty where nobody asks for it
     * @param limit how much may wait to be archived
     */
    static ArchivePlaces places(ClusterConfiguration cluster, Optional<Path> configuration, BacklogLimit limit) {
        return new ArchivePlaces(
                cluster.repositories().stream()
                        .map(repository -> place(
                                repository, configuration, cluster.receive().directory()))
                        .toList(),
                cluster.requirement(),
                limit);
    }

    private static ArchivePlaces.Place place(
            RepositoryConfiguration repository, Optional<Path> configuration, Optional<Path> received) {
        RepositoryOpener opener = new RepositoryOpener() {
            @Override
            public Repository open() throws IOException {
                return Repositories.openForWal(repository);
            }

            @Override
            public Optional<Path> configuration() {
                return configuration;
            }
        };
        return new ArchivePlaces.Place(repository.name(), opener.besideReceiver(received));
    }
}
