package org.pgark.physical.several;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.wal.ArchivePlace;
import org.pgark.physical.wal.BacklogLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives of one cluster in all of its repositories. Which these are is read again every few seconds, so that one that
 * is lost for good can be taken out of the configuration, and another one put in. For several threads.
 */
public final class Archives implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Archives.class);
    private static final Duration TRUSTED_FOR = Duration.ofSeconds(2);

    private final String cluster;
    private final ArchivePlaces.Source source;
    private final InstantSource clock;
    private final int jobs;
    private final LongSupplier nanos;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private @Nullable Current current;
    private long readAt;

    /** Nothing is opened yet; {@code jobs} threads work for each repository, if there are several. */
    public Archives(String cluster, ArchivePlaces.Source source, int jobs, InstantSource clock) {
        this(cluster, source, jobs, clock, System::nanoTime);
    }

    Archives(String cluster, ArchivePlaces.Source source, int jobs, InstantSource clock, LongSupplier nanos) {
        this.cluster = cluster;
        this.source = source;
        this.jobs = jobs;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** The lanes as they are configured now. */
    record Current(List<Lane> lanes, Requirement requirement, BacklogLimit limit, ArchivePlace.Configured configured) {
        Current {
            lanes = List.copyOf(lanes);
        }

        boolean isSingle() {
            return lanes.size() == 1;
        }

        List<String> names() {
            return lanes.stream().map(Lane::name).toList();
        }
    }

    /** How much may wait to be archived, as it is configured now. */
    public BacklogLimit limit() throws FailedException {
        return current().limit();
    }

    synchronized Current current() throws FailedException {
        Current known = current;
        if (known != null && isConfigured(known) && nanos.getAsLong() - readAt < TRUSTED_FOR.toNanos()) {
            return known;
        }
        try {
            Current read = read();
            current = read;
            readAt = nanos.getAsLong();
            return read;
        } catch (IOException e) {
            if (known != null) {
                LOG.warn("the repositories stay as they were: {}", e.getMessage());
                readAt = nanos.getAsLong();
                return known;
            }
            throw new FailedException(
                    "repository_unreadable", "the repository cannot be read: " + e.getMessage(), "", e);
        }
    }

    private boolean isConfigured(Current known) {
        try {
            return known.configured().equals(ArchivePlace.Configured.now(source.configuration()));
        } catch (IOException e) {
            return false;
        }
    }

    private Current read() throws IOException {
        ArchivePlace.Configured configured = ArchivePlace.Configured.now(source.configuration());
        ArchivePlaces places = source.read();
        List<Lane> order = new ArrayList<>();
        for (ArchivePlaces.Place place : places.places()) {
            Lane lane = lanes.computeIfAbsent(place.name(), _ -> new Lane(cluster, place, jobs, clock, nanos));
            lane.openedBy(place.opener());
            order.add(lane);
        }
        Set<String> gone = new HashSet<>(lanes.keySet());
        gone.removeAll(places.names());
        for (String name : gone) {
            LOG.info("repository \"{}\" is not the cluster's any more", name);
            Lane lane = lanes.remove(name);
            if (lane != null) {
                lane.close();
            }
        }
        return new Current(order, places.requirement(), places.limit(), configured);
    }

    /** Lets go of all repositories. */
    @Override
    public synchronized void close() {
        lanes.values().forEach(Lane::close);
        lanes.clear();
        current = null;
    }
}
