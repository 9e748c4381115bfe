package org.pgark.physical.several;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.pgark.physical.wal.FileIdentity;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.repository.RepositoryId;

/**
 * Which repositories have files already that others still lack, so that each gets a file once. Only spares work: what is
 * forgotten is offered again. For several threads.
 */
final class Deliveries {
    private static final int MOST = 20_000;

    private final Map<Path, Delivery> byFile = new LinkedHashMap<>();

    /** One state of a file, and where it is. */
    static final class Delivery {
        private final FileIdentity identity;
        private final SystemIdentifier system;
        private final Map<String, RepositoryId> places = new TreeMap<>();

        private Delivery(FileIdentity identity, SystemIdentifier system) {
            this.identity = identity;
            this.system = system;
        }

        FileIdentity identity() {
            return identity;
        }

        /** Notes that it is in a repository; if another place is the same repository nothing is noted, and that told. */
        synchronized Optional<String> add(String place, RepositoryId repository) {
            Optional<String> twin = twinOf(place, repository);
            if (twin.isEmpty()) {
                places.put(place, repository);
            }
            return twin;
        }

        synchronized void forget(String place) {
            places.remove(place);
        }

        /** The repository that took it in this place. */
        synchronized Optional<RepositoryId> in(String place) {
            return Optional.ofNullable(places.get(place));
        }

        private Optional<String> twinOf(String place, RepositoryId repository) {
            return places.entrySet().stream()
                    .filter(entry ->
                            !entry.getKey().equals(place) && entry.getValue().equals(repository))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }

        synchronized Set<String> names() {
            return Set.copyOf(places.keySet());
        }

        /** The same in one line, for a verdict. */
        synchronized String inWords() {
            return places.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue().value())
                    .collect(Collectors.joining(","));
        }

        synchronized boolean isEmpty() {
            return places.isEmpty();
        }
    }

    /** What is known of the file as it is now. */
    synchronized Delivery of(Path file, SystemIdentifier system) throws IOException {
        FileIdentity identity = FileIdentity.of(file);
        Delivery known = byFile.get(file);
        if (known == null || !known.identity.equals(identity) || !known.system.equals(system)) {
            known = new Delivery(identity, system);
            byFile.put(file, known);
            if (byFile.size() > MOST) {
                byFile.remove(byFile.keySet().iterator().next());
            }
        }
        return known;
    }

    synchronized void forget(Path file) {
        byFile.remove(file);
    }
}
