package org.pgark.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.repository.LogMemories;
import org.pgark.repository.Repository;
import org.pgark.repository.RepositoryAccess;
import org.pgark.repository.RepositoryId;
import org.pgark.repository.key.KeyHolder;
import org.pgark.repository.seal.TlsCiphers;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;

/** Opens repositories as the configuration says. */
final class Repositories {
    private Repositories() {}

    /** Opens a repository for a command, which refuses a log that lacks what an earlier command has seen of it. */
    static Repository open(RepositoryConfiguration settings) throws IOException {
        return open(settings, KeyHolders.of(settings));
    }

    /** Likewise, with these to open its keys instead of those that are configured. */
    static Repository open(RepositoryConfiguration settings, List<KeyHolder> holders) throws IOException {
        return open(
                settings,
                holders,
                SeenLogs.of(
                        settings,
                        System.getenv(),
                        ConnectionEnvironment.current().home()));
    }

    /**
     * Opens a repository to archive WAL or to fetch it. Nothing is remembered for that, since neither archiving nor
     * recovery may stop because of what the logs say about backups.
     */
    static Repository openForWal(RepositoryConfiguration settings) throws IOException {
        return open(settings, KeyHolders.of(settings), LogMemories.NONE);
    }

    /**
     * Opens a repository as it was at an instant, to be read only. What commands have seen of its logs since is not asked
     * for: they had less then.
     */
    static Repository openAsOf(RepositoryConfiguration settings, Instant instant) throws IOException {
        readyForTls(settings);
        return open(
                settings,
                ObjectStores.openAsOf(settings.url(), settings.store(), instant),
                KeyHolders.of(settings),
                LogMemories.NONE);
    }

    /** The same repository under two names is one copy, not two. */
    static void refuseTwins(List<Clusters.Opened> places) throws RefusedException {
        for (int one = 0; one < places.size(); one++) {
            for (int other = one + 1; other < places.size(); other++) {
                Clusters.Opened first = places.get(one);
                Clusters.Opened second = places.get(other);
                if (first.repository().id().equals(second.repository().id())) {
                    throw new RefusedException(
                            "same_repository",
                            "repositories \"" + first.name() + "\" and \"" + second.name() + "\" are the same, "
                                    + first.repository().id(),
                            "A second repository is made by \"pgark init\", not by copying the first with --all.");
                }
            }
        }
    }

    /** Opens the place that a repository is in, or shall be in. */
    static ObjectStore store(RepositoryConfiguration settings) throws IOException {
        readyForTls(settings);
        return ObjectStores.open(settings.url(), settings.store());
    }

    private static void readyForTls(RepositoryConfiguration settings) {
        if (settings.url().localDirectory().isEmpty()) {
            TlsCiphers.install();
        }
    }

    private static Repository open(RepositoryConfiguration settings, List<KeyHolder> holders, LogMemories memories)
            throws IOException {
        return open(settings, store(settings), holders, memories);
    }

    private static Repository open(
            RepositoryConfiguration settings, ObjectStore store, List<KeyHolder> holders, LogMemories memories)
            throws IOException {
        try {
            return Repository.open(
                    store,
                    new RepositoryAccess(
                            settings.id().map(RepositoryId::new),
                            settings.encryption().isRequired(),
                            settings.encryption().fingerprint(),
                            holders,
                            WritersOfRepositories.here()),
                    InstantSource.system(),
                    new SecureRandom(),
                    memories);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }
}
