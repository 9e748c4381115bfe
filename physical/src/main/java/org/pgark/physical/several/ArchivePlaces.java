package org.pgark.physical.several;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.RepositoryOpener;

/**
 * The repositories that keep a cluster's WAL.
 *
 * @param places the nearest first; at least one
 * @param requirement which of them must have a file before it counts as archived
 * @param limit how much may wait to be archived
 */
public record ArchivePlaces(List<Place> places, Requirement requirement, BacklogLimit limit) {
    /** However much waits. */
    public ArchivePlaces(List<Place> places, Requirement requirement) {
        this(places, requirement, BacklogLimit.NONE);
    }

    public ArchivePlaces {
        Objects.requireNonNull(limit, "limit is null");
        places = List.copyOf(places);
        Objects.requireNonNull(requirement, "requirement is null");
        if (places.isEmpty()) {
            throw new IllegalArgumentException("no repository");
        }
    }

    /**
     * One repository.
     *
     * @param name by which it is told from the others
     * @param opener opens it
     */
    public record Place(String name, RepositoryOpener opener) {
        public Place {
            Objects.requireNonNull(name, "name is null");
            Objects.requireNonNull(opener, "opener is null");
        }
    }

    /** Says which they are now. Called again and again, since what is configured may change. */
    @FunctionalInterface
    public interface Source {
        /** Reads it anew. */
        ArchivePlaces read() throws IOException;

        /** The configuration file that says so; empty where none does. */
        default Optional<Path> configuration() {
            return Optional.empty();
        }

        /** These, for ever. */
        static Source of(ArchivePlaces places) {
            return () -> places;
        }

        /** Only this one. */
        static Source of(RepositoryOpener opener) {
            return of(new ArchivePlaces(List.of(new Place("main", opener)), new Requirement.All()));
        }
    }

    /** The names, in order. */
    public List<String> names() {
        return places.stream().map(Place::name).toList();
    }
}
