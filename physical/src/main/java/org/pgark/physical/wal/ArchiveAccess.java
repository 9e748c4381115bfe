package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.walreceiver.ReceiverDirectory;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.repository.ClusterCatalog;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.RepositoryId;

/**
 * The archives of one cluster's name, one for each time it was initialised. For several threads.
 *
 * <p>A worker lives for long, and meanwhile the cluster may be initialised and registered anew, or the repository be
 * removed and made again: an archive that was looked up is therefore forgotten after a moment, so that nothing is
 * reported as archived that went to a place where nobody will look for it. While it is used all the time it is looked up
 * again before that, beside the work, so that nobody waits for it.
 */
public final class ArchiveAccess implements AutoCloseable {
    private static final Duration TRUSTED_FOR = Duration.ofSeconds(2);
    private static final Duration RENEWED_AFTER = Duration.ofMillis(1200);

    private final String cluster;
    private final RepositoryOpener opener;
    private final InstantSource clock;
    private boolean renewing;
    private Optional<Shared> current = Optional.empty();

    /** Nothing is opened yet. */
    public ArchiveAccess(String cluster, RepositoryOpener opener, InstantSource clock) {
        this.cluster = Objects.requireNonNull(cluster, "cluster is null");
        this.opener = Objects.requireNonNull(opener, "opener is null");
        this.clock = Objects.requireNonNull(clock, "clock is null");
    }

    /**
     * The archive of the incarnation with this system identifier.
     *
     * @throws RefusedException if there is no such incarnation
     * @throws FailedException if the repository cannot be read
     */
    public Use use(SystemIdentifier system) throws RefusedException, FailedException {
        return use(Optional.of(system));
    }

    /** The archive of the incarnation that was registered last. */
    public Use useNewest() throws RefusedException, FailedException {
        return use(Optional.empty());
    }

    private Use use(Optional<SystemIdentifier> system) throws RefusedException, FailedException {
        Shared shared = acquire();
        boolean handedOn = false;
        try {
            Incarnation incarnation = system.isPresent()
                    ? shared.catalog.of(system.get()).orElseThrow(() -> unregistered(shared, system.get()))
                    : shared.catalog.newest().orElseThrow(() -> nothingRegistered(shared));
            Use use = new Use(shared, incarnation, opener.receiverDirectory());
            handedOn = true;
            return use;
        } finally {
            if (!handedOn) {
                shared.release();
            }
        }
    }

    private RefusedException unregistered(Shared shared, SystemIdentifier system) {
        Optional<Incarnation> newest = shared.catalog.newest();
        if (newest.isEmpty()) {
            return nothingRegistered(shared);
        }
        return new RefusedException(
                "cluster_initialised_anew",
                "this data directory has system identifier " + system + ", but cluster \"" + cluster
                        + "\" is registered with " + newest.get().systemIdentifier() + " in "
                        + shared.repository.description(),
                "If the cluster was initialised anew, run \"pgark init\" for it; its old backups stay.");
    }

    private RefusedException nothingRegistered(Shared shared) {
        return new RefusedException(
                "cluster_not_registered",
                "cluster \"" + cluster + "\" is not registered in " + shared.repository.description(),
                "Run \"pgark init\" for it.");
    }

    private synchronized Shared acquire() throws FailedException {
        Instant now = clock.instant();
        if (current.isPresent()) {
            Duration age = Duration.between(current.get().opened, now);
            if (age.isNegative() || age.compareTo(TRUSTED_FOR) > 0 || !isConfigured(current.get().configured)) {
                close();
            } else if (age.compareTo(RENEWED_AFTER) > 0 && !renewing) {
                renewing = true;
                Shared old = current.get();
                Thread.ofVirtual().name("renewal").start(() -> renew(old));
            }
        }
        if (current.isEmpty()) {
            current = Optional.of(open(now));
        }
        return current.get().acquire();
    }

    /** Whoever comes when the old one may not be trusted any more is told why there is no new one. */
    private void renew(Shared old) {
        Optional<Shared> fresh = Optional.empty();
        try {
            fresh = Optional.of(open(clock.instant()));
        } catch (FailedException e) {
            System.getLogger(ArchiveAccess.class.getName())
                    .log(System.Logger.Level.DEBUG, "the repository cannot be looked up again", e);
        } finally {
            handOver(old, fresh);
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private synchronized void handOver(Shared old, Optional<Shared> fresh) {
        renewing = false;
        if (fresh.isEmpty()) {
            return;
        }
        if (current.isPresent() && current.get() == old) {
            close();
            current = fresh;
        } else {
            fresh.get().release();
        }
    }

    private boolean isConfigured(ArchivePlace.Configured configured) {
        try {
            return configured.equals(ArchivePlace.Configured.now(opener.configuration()));
        } catch (IOException e) {
            return false;
        }
    }

    private Shared open(Instant now) throws FailedException {
        try {
            ArchivePlace.Configured configured = ArchivePlace.Configured.now(opener.configuration());
            Repository repository = opener.open();
            boolean kept = false;
            try {
                Shared shared = new Shared(repository, repository.cluster(cluster), configured, now);
                kept = true;
                return shared;
            } finally {
                if (!kept) {
                    repository.close();
                }
            }
        } catch (IOException e) {
            throw WalFailures.of("repository_unreadable", "the repository cannot be read", e);
        }
    }

    /** Lets go of the repository; uses that others still have stay good. */
    @Override
    public synchronized void close() {
        current.ifPresent(Shared::release);
        current = Optional.empty();
    }

    /** An archive in use. */
    public static final class Use implements AutoCloseable {
        private final Shared shared;
        private final Incarnation incarnation;
        private final Optional<Path> receiverDirectory;

        private Use(Shared shared, Incarnation incarnation, Optional<Path> receiverDirectory) {
            this.receiverDirectory = receiverDirectory;
            this.shared = shared;
            this.incarnation = incarnation;
        }

        /** Whose archive it is. */
        public Incarnation incarnation() {
            return incarnation;
        }

        /** Which repository it is in. */
        public ArchivePlace place() {
            return ArchivePlace.of(shared.repository.id().value(), shared.configured);
        }

        /** Its id. */
        public RepositoryId repositoryId() {
            return shared.repository.id();
        }

        /** What a receiver of WAL on this host has; empty where there is none. */
        public Optional<ReceiverDirectory> received() throws IOException {
            return receiverDirectory.isPresent()
                    ? ReceiverDirectory.seen(receiverDirectory.get(), incarnation)
                    : Optional.empty();
        }

        /** Everything that is kept of it. */
        public ClusterRepository repository() {
            return shared.repository.open(incarnation);
        }

        @Override
        public void close() {
            shared.release();
        }
    }

    /** An open repository, closed when the last one lets go of it. */
    private static final class Shared {
        private final Repository repository;
        private final ClusterCatalog catalog;
        private final ArchivePlace.Configured configured;
        private final Instant opened;
        private int users = 1;

        Shared(Repository repository, ClusterCatalog catalog, ArchivePlace.Configured configured, Instant opened) {
            this.configured = configured;
            this.repository = repository;
            this.catalog = catalog;
            this.opened = opened;
        }

        synchronized Shared acquire() {
            users++;
            return this;
        }

        synchronized void release() {
            users--;
            if (users == 0) {
                try {
                    repository.close();
                } catch (IOException e) {
                    // Only readers' resources are lost; everything written is durable already.
                    System.getLogger(ArchiveAccess.class.getName())
                            .log(System.Logger.Level.DEBUG, "closing the repository failed", e);
                }
            }
        }
    }
}
