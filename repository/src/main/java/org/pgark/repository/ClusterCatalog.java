package org.pgark.repository;

import java.util.List;
import java.util.Optional;
import org.pgark.postgres.SystemIdentifier;

/**
 * The incarnations of one cluster name.
 *
 * @param name the cluster's name
 * @param incarnations in the order in which they were registered; may be empty
 */
public record ClusterCatalog(String name, List<Incarnation> incarnations) {
    public ClusterCatalog {
        incarnations = List.copyOf(incarnations);
    }

    /** The one with this system identifier. */
    public Optional<Incarnation> of(SystemIdentifier systemIdentifier) {
        return incarnations.stream()
                .filter(incarnation -> incarnation.systemIdentifier().equals(systemIdentifier))
                .findFirst();
    }

    /** The one that was registered last. */
    public Optional<Incarnation> newest() {
        return incarnations.isEmpty() ? Optional.empty() : Optional.of(incarnations.getLast());
    }
}
