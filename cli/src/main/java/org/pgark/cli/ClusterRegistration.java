package org.pgark.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Incarnation;
import org.pgark.repository.NoRepositoryException;
import org.pgark.repository.Repository;
import org.pgark.storage.ObjectStore;

/** Makes a cluster known in its repository, which is made if it is not there. */
final class ClusterRegistration {
    private ClusterRegistration() {}

    static Incarnation register(
            ClusterConfiguration cluster,
            SystemIdentifier system,
            PostgresMajor major,
            WalSegmentSize segmentSize,
            Output output)
            throws IOException {
        try (Repository repository = openOrCreate(cluster, output)) {
            Optional<Incarnation> before = repository.cluster(cluster.name()).newest();
            boolean known = repository.cluster(cluster.name()).of(system).isPresent();
            Incarnation incarnation = repository.registerCluster(cluster.name(), system, major, segmentSize);
            if (before.isEmpty()) {
                output.line("registered cluster " + cluster.name() + " (PostgreSQL " + major.number()
                        + ", system identifier " + system + ")");
            } else if (known && !before.get().systemIdentifier().equals(system)) {
                output.line("cluster " + cluster.name() + " is that with system identifier " + system + " again, after "
                        + before.get().systemIdentifier() + "; the backups of both stay");
            } else if (!before.get().systemIdentifier().equals(system)) {
                output.line("registered cluster " + cluster.name()
                        + " anew: it was initialised again, system identifier " + system + " after "
                        + before.get().systemIdentifier() + "; the backups of the old one stay");
            }
            return incarnation;
        }
    }

    /** One that is pinned, or has to be encrypted, was made before. */
    private static Repository openOrCreate(ClusterConfiguration cluster, Output output) throws IOException {
        try {
            return Repositories.open(cluster.repository());
        } catch (NoRepositoryException e) {
            if (cluster.repository().id().isPresent()
                    || cluster.repository().encryption().isRequired()) {
                throw e;
            }
            ObjectStore store = Repositories.store(cluster.repository());
            try {
                Repository repository = Repository.create(
                        store, WritersOfRepositories.ofNew(store), InstantSource.system(), new SecureRandom());
                output.line("made repository " + cluster.repository().url());
                if (repository.isSoleWriter().isPresent()) {
                    WritersOfRepositories.tell(cluster.repository().url().toString(), output);
                }
                return repository;
            } catch (IOException | RuntimeException failure) {
                store.close();
                throw failure;
            }
        }
    }
}
