package org.pgark.repository;

import java.util.List;
import java.util.Optional;
import org.pgark.postgres.SystemIdentifier;

/**
 * The incarnations of one cluster name.
 *
 * @param name the cluster's name
 * @param incarnations in the order in which they were registered, or their clusters made; may be empty
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

    /**
     * The incarnation here before which one belongs that another repository has; empty if it is the newest. The order there
     * counts, and of those that are not there when they were registered.
     */
    Optional<Incarnation> after(Incarnation copied, ClusterCatalog there) {
        int place = 0;
        for (int index = 0; index < incarnations.size(); index++) {
            int known = there.indexOf(incarnations.get(index));
            if (known >= 0 && known < there.indexOf(copied)) {
                place = index + 1;
            }
        }
        while (place < incarnations.size()
                && there.indexOf(incarnations.get(place)) < 0
                && incarnations.get(place).registered().isBefore(copied.registered())) {
            place++;
        }
        return place < incarnations.size() ? Optional.of(incarnations.get(place)) : Optional.empty();
    }

    private int indexOf(Incarnation incarnation) {
        return incarnations.stream()
                .map(Incarnation::systemIdentifier)
                .toList()
                .indexOf(incarnation.systemIdentifier());
    }
}
