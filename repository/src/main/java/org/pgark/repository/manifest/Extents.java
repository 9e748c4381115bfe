package org.pgark.repository.manifest;

import java.util.ArrayList;
import java.util.List;

/** Lists of extents. */
public final class Extents {
    private Extents() {}

    /** The same bytes by as few extents as possible: neighbours that go on where the one before ends become one. */
    public static List<Extent> merge(List<Extent> extents) {
        List<Extent> merged = new ArrayList<>(extents.size());
        for (Extent extent : extents) {
            Extent joined = merged.isEmpty() ? null : join(merged.getLast(), extent);
            if (joined == null) {
                merged.add(extent);
            } else {
                merged.set(merged.size() - 1, joined);
            }
        }
        return merged;
    }

    private static @org.jspecify.annotations.Nullable Extent join(Extent first, Extent second) {
        if (first instanceof Extent.Zeros(long before) && second instanceof Extent.Zeros(long after)) {
            return new Extent.Zeros(before + after);
        }
        if (first instanceof Extent.Stored(FramePart before)
                && second instanceof Extent.Stored(FramePart after)
                && before.frame().equals(after.frame())
                && before.offset() + before.length() == after.offset()) {
            return new Extent.Stored(new FramePart(before.frame(), before.offset(), before.length() + after.length()));
        }
        return null;
    }
}
