package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.RepositoryOpener;

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

    static ArchiveAccess archives(ClusterConfiguration cluster) throws IOException {
        return new ArchiveAccess(cluster.name(), opener(cluster), InstantSource.system());
    }

    /** Opens the repository that keeps the cluster's WAL, beside what is received of it on this host. */
    static RepositoryOpener opener(ClusterConfiguration cluster) {
        RepositoryOpener opener = () -> Repositories.openForWal(cluster.repository());
        return opener.besideReceiver(cluster.receive().directory());
    }
}
