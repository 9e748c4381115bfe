package org.pgark.physical.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.storage.NoSuchObjectException;

/** Gathers damages from several threads; the same place is told once. */
final class DamageList {
    private final ClusterRepository cluster;
    private final List<Damage> damages = new ArrayList<>();
    private final Set<String> places = new HashSet<>();
    private DamagedFrames frames = DamagedFrames.NONE;

    DamageList(ClusterRepository cluster) {
        this.cluster = cluster;
    }

    void add(DamagedObjectException failure, String path) {
        add(failure.name().value(), failure, path);
    }

    /**
     * Notes what is missing.
     *
     * @throws IOException if the repository itself is not there, so that this says nothing about what should be in it
     */
    void add(NoSuchObjectException failure, String path) throws IOException {
        cluster.checkPresence();
        add(failure.name().value(), failure, path);
    }

    private void add(String object, IOException failure, String path) {
        add(new Damage(object, Objects.requireNonNullElse(failure.getMessage(), failure.toString()), path));
    }

    synchronized void add(Damage damage) {
        if (places.add(damage.reason())) {
            damages.add(damage);
        }
    }

    /** Notes a frame that could not be read, where it stands now; false if it was noted before. */
    synchronized boolean isNew(FrameAddress frame) {
        boolean known = frames.contains(frame);
        frames = frames.and(new DamagedFrames(Map.of(frame.pack(), List.of(frame.frame()))));
        return !known;
    }

    synchronized DamagedFrames frames() {
        return frames;
    }

    synchronized List<Damage> sorted() {
        return damages.stream()
                .sorted(Comparator.comparing(Damage::object).thenComparing(Damage::reason))
                .toList();
    }
}
