package org.pgark.physical.several;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.RepositoryId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that repositories that were left behind get what they lack as soon as they answer. For one thread. */
public final class FillingUp {
    private static final Logger LOG = LoggerFactory.getLogger(FillingUp.class);
    /** So often everything is compared even where no fault was seen: another host may have archived elsewhere. */
    private static final Duration AGAIN = Duration.ofMinutes(15);

    private final Archives archives;
    private final int parallel;
    private final Map<String, Long> compared = new HashMap<>();
    private Set<String> reached = Set.of();
    private long all = System.nanoTime();

    /** Fills these archives, {@code parallel} files at once. */
    public FillingUp(Archives archives, int parallel) {
        this.archives = archives;
        this.parallel = parallel;
    }

    /**
     * Looks once, and brings what can be brought.
     *
     * @return whether some repository is behind still
     */
    public boolean look(SystemIdentifier system) throws OperationException, InterruptedException {
        Archives.Current current = archives.current();
        if (current.isSingle()) {
            return false;
        }
        if (System.nanoTime() - all > AGAIN.toNanos()) {
            all = System.nanoTime();
            current.lanes().forEach(Lane::missed);
        }
        List<Lane> wanted = current.lanes().stream()
                .filter(lane -> lane.isBehind() && lane.away().isEmpty() && !isCompared(lane))
                .toList();
        if (!wanted.isEmpty()) {
            try (Opened opened = new Opened(current, system)) {
                noteWhoIsBack(current, opened.names());
                for (Lane lane : wanted) {
                    if (opened.has(lane)) {
                        fill(lane, opened);
                    }
                }
            }
        }
        return current.lanes().stream().anyMatch(Lane::isBehind);
    }

    private boolean isCompared(Lane lane) {
        return compared.getOrDefault(lane.name(), -1L) == lane.faults();
    }

    /** What one brings that was away the others have not been compared with. */
    private void noteWhoIsBack(Archives.Current current, Set<String> now) {
        for (String name : now) {
            if (!reached.contains(name)) {
                current.lanes().stream()
                        .filter(lane -> !lane.name().equals(name))
                        .forEach(Lane::missed);
            }
        }
        reached = now;
    }

    private void fill(Lane lane, Opened opened) throws InterruptedException {
        long asOf = lane.faults();
        ClusterRepository target = opened.of(lane);
        try {
            Backlog backlog = Backlog.of(target, opened.others(lane));
            if (!backlog.isEmpty()) {
                LOG.info(
                        "repository \"{}\" lacks {} WAL files, the first is {}",
                        lane.name(),
                        backlog.missing().size(),
                        backlog.missing().getFirst().name());
            }
            WalFill.Outcome outcome = new WalFill(target, parallel, LOG::warn).run(backlog);
            compared.put(lane.name(), asOf);
            if (outcome.brought() > 0) {
                LOG.info("repository \"{}\" was brought {} WAL files", lane.name(), outcome.brought());
            }
            if (outcome.left() == 0) {
                lane.caughtUp(asOf);
            } else {
                LOG.warn("repository \"{}\" still lacks {} WAL files", lane.name(), outcome.left());
            }
        } catch (IOException e) {
            lane.failed(new FailedException("wal_fill_failed", "it cannot be filled: " + e.getMessage(), "", e));
        }
    }

    /** The repositories that answer now. */
    private static final class Opened implements AutoCloseable {
        private final Map<String, ArchiveAccess.Use> uses = new HashMap<>();
        private final Set<RepositoryId> ids = new HashSet<>();

        Opened(Archives.Current current, SystemIdentifier system) {
            for (Lane lane : current.lanes()) {
                if (lane.away().isPresent()) {
                    continue;
                }
                try {
                    add(lane, lane.access().use(system));
                    lane.answered();
                } catch (OperationException e) {
                    lane.failed(e);
                }
            }
        }

        private void add(Lane lane, ArchiveAccess.Use use) throws RefusedException {
            if (!ids.add(use.repositoryId())) {
                use.close();
                throw new RefusedException(
                        "same_repository",
                        "it is the same repository as another one of the cluster, " + use.repositoryId(),
                        "A second repository is made by \"pgark init\", not by copying the first with --all.");
            }
            uses.put(lane.name(), use);
        }

        Set<String> names() {
            return Set.copyOf(uses.keySet());
        }

        boolean has(Lane lane) {
            return uses.containsKey(lane.name());
        }

        ClusterRepository of(Lane lane) {
            ArchiveAccess.Use use = uses.get(lane.name());
            if (use == null) {
                throw new IllegalStateException("repository \"" + lane.name() + "\" is not open");
            }
            return use.repository();
        }

        List<ClusterRepository> others(Lane lane) {
            List<ClusterRepository> others = new ArrayList<>();
            uses.forEach((name, use) -> {
                if (!name.equals(lane.name())) {
                    others.add(use.repository());
                }
            });
            return others;
        }

        @Override
        public void close() {
            uses.values().forEach(ArchiveAccess.Use::close);
        }
    }
}
