package org.pgark.physical.several;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Sees to it that a repository that was left behind gets no segment behind one that it would refuse. For several threads.
 */
final class Succession {
    /** Files on their way, and the repositories that they are not sent to because those are away. */
    private final Map<String, Set<String>> passing = new ConcurrentHashMap<>();

    /** A file sets out. */
    void passing(Path file) {
        passing.put(nameOf(file), ConcurrentHashMap.newKeySet());
    }

    /** It is not sent to a repository that is away. */
    void skips(Path file, Lane lane) {
        passing.getOrDefault(nameOf(file), ConcurrentHashMap.newKeySet()).add(lane.name());
    }

    /** It has arrived, or not. */
    void passed(Path file) {
        passing.remove(nameOf(file));
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static Optional<Timeline> timeline(String file) {
        return WalFileName.parse(file) instanceof WalFileName.Segment(WalSegmentName segment)
                ? Optional.of(segment.timeline())
                : Optional.empty();
    }

    /** Fails if a segment before this one is on its way, but not into this repository, which may yet refuse it. */
    void requireNothingPassing(Path file, Lane lane) throws FailedException {
        Optional<Timeline> timeline = timeline(nameOf(file));
        for (Map.Entry<String, Set<String>> other : passing.entrySet()) {
            if (timeline.isPresent()
                    && other.getKey().compareTo(nameOf(file)) < 0
                    && timeline(other.getKey()).equals(timeline)
                    && other.getValue().contains(lane.name())) {
                lane.missed();
                throw new FailedException(
                        "wal_before_is_missing", "segment " + other.getKey() + " is not there yet", "");
            }
        }
    }

    /**
     * Makes sure that a repository's newest WAL is that of another one, and notes it.
     *
     * @throws FailedException if that cannot be found out now
     */
    void requireCommonHistory(Path file, Lane lane, Lane other, SystemIdentifier system)
            throws FailedException, RefusedException {
        Optional<Timeline> timeline = timeline(nameOf(file));
        if (timeline.isEmpty()) {
            return;
        }
        long asOf = lane.faults();
        Optional<WalFileName> conflict;
        try (ArchiveAccess.Use here = lane.access().use(system);
                ArchiveAccess.Use there = other.access().use(system)) {
            conflict = CommonHistory.conflict(
                    here.repository().walArchive(), there.repository().walArchive(), timeline.get());
        } catch (OperationException | IOException e) {
            FailedException unknown = new FailedException(
                    "repository_unreadable",
                    "it cannot be compared with \"" + other.name() + "\": " + e.getMessage(),
                    "",
                    e);
            lane.failed(unknown);
            throw unknown;
        }
        if (conflict.isPresent()) {
            throw new RefusedException(
                    "wal_content_differs",
                    "repository \"" + lane.name() + "\" has other content under the name " + conflict.get() + " than \""
                            + other.name() + "\", and \"" + nameOf(file) + "\" comes behind it",
                    "Two servers archive under one name, or this one was put back to an older state.");
        }
        lane.agreed(asOf);
    }
}
