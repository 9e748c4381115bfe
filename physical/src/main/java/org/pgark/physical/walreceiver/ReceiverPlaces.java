package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.several.Requirement;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;

/**
 * The repositories that a receiver brings WAL to.
 *
 * @param incarnation of the cluster whose WAL it is
 * @param places the repositories; at least one
 * @param requirement which of them must have WAL before it counts as safe in the repository and leaves the directory
 */
public record ReceiverPlaces(Incarnation incarnation, List<Place> places, Requirement requirement) {
    public ReceiverPlaces {
        Objects.requireNonNull(incarnation, "incarnation is null");
        places = List.copyOf(places);
        Objects.requireNonNull(requirement, "requirement is null");
        if (places.isEmpty()) {
            throw new IllegalArgumentException("no repository");
        }
    }

    /** Only this one. */
    public static ReceiverPlaces of(ClusterRepository repository) {
        return new ReceiverPlaces(
                repository.incarnation(), List.of(new Place("main", () -> repository)), new Requirement.All());
    }

    /**
     * One repository.
     *
     * @param name by which it is told from the others
     * @param opening opens it; tried again until it succeeds
     */
    public record Place(String name, Opening opening) {
        public Place {
            Objects.requireNonNull(name, "name is null");
            Objects.requireNonNull(opening, "opening is null");
        }
    }

    /** Opens a repository. */
    @FunctionalInterface
    public interface Opening {
        /** What it keeps of the incarnation. */
        ClusterRepository open() throws IOException, OperationException;
    }

    /** In messages, which one it is of several. */
    String inWords(Place place) {
        return places.size() == 1 ? "the repository" : "repository \"" + place.name() + "\"";
    }
}
