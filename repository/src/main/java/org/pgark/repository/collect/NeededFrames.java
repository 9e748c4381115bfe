package org.pgark.repository.collect;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.pack.FrameReader;

/** Which frames of which packs backups need: a bit for each frame, and the sum of their bytes for each pack. */
final class NeededFrames {
    private final Map<ObjectId, OfPack> packs = new HashMap<>();

    /** The needed frames of one pack. */
    static final class OfPack {
        private final BitSet numbers = new BitSet();
        private long bytes;

        /** Their numbers. */
        BitSet numbers() {
            return numbers;
        }

        /** How many bytes are stored for them. */
        long bytes() {
            return bytes;
        }
    }

    /** Adds all frames that a backup needs. */
    void add(NeededBackup backup, FrameReader frames) throws IOException {
        new ManifestReader(frames, backup.manifest()).visitFrames(this::add);
        if (backup.relationNames().isPresent()) {
            new RelationNamesReader(frames, backup.relationNames().get()).visitFrames(this::add);
        }
    }

    private void add(FrameAddress frame) {
        OfPack pack = packs.computeIfAbsent(frame.pack(), _ -> new OfPack());
        if (!pack.numbers.get(frame.frame())) {
            pack.numbers.set(frame.frame());
            pack.bytes += frame.storedLength();
        }
    }

    /** Whether anything of a pack is needed. */
    boolean needs(ObjectId pack) {
        return packs.containsKey(pack);
    }

    /** What is needed of a pack. */
    OfPack of(ObjectId pack) {
        return packs.computeIfAbsent(pack, _ -> new OfPack());
    }

    /** A pack that is needed but is none of these. */
    Optional<ObjectId> outside(Set<ObjectId> known) {
        return packs.keySet().stream().filter(pack -> !known.contains(pack)).findFirst();
    }
}
