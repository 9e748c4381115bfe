package org.pgark.repository.care;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;

/**
 * Frames that verification could not read, so that no later backup relies on them.
 *
 * @param packs the numbers of frames of each pack, ascending; none where nothing of the pack can be relied on
 */
public record DamagedFrames(Map<ObjectId, List<Integer>> packs) {
    /** None. */
    public static final DamagedFrames NONE = new DamagedFrames(Map.of());

    /** So many frames of a pack are told apart; a pack with more of them is not relied on at all. */
    private static final int MOST_FRAMES = 1000;

    public DamagedFrames {
        packs = Collections.unmodifiableMap(new TreeMap<>(packs));
    }

    /** Whether a frame is one of them. */
    public boolean contains(FrameAddress frame) {
        List<Integer> frames = packs.get(frame.pack());
        return frames != null && (frames.isEmpty() || frames.contains(frame.frame()));
    }

    /** Whether anything of a pack is damaged. */
    public boolean touches(ObjectId pack) {
        return packs.containsKey(pack);
    }

    /** These and others. */
    public DamagedFrames and(DamagedFrames others) {
        Map<ObjectId, List<Integer>> all = new HashMap<>(packs);
        others.packs.forEach((pack, frames) -> all.merge(pack, frames, DamagedFrames::joined));
        return new DamagedFrames(all);
    }

    private static List<Integer> joined(List<Integer> some, List<Integer> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return List.of();
        }
        List<Integer> joined = java.util.stream.Stream.concat(some.stream(), others.stream())
                .distinct()
                .sorted()
                .toList();
        return joined.size() > MOST_FRAMES ? List.of() : joined;
    }

    /** Without those of packs that were read whole and found sound, or are gone. */
    public DamagedFrames without(java.util.Collection<ObjectId> sound) {
        Map<ObjectId, List<Integer>> left = new HashMap<>(packs);
        left.keySet().removeAll(sound);
        return new DamagedFrames(left);
    }
}
