package org.pgark.physical.backup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.Extents;

/** The extents of a file's stretch, some of which are only known when a frame is written. Not for several threads. */
final class Placement {
    private final List<@Nullable Extent> extents = new ArrayList<>(1);
    private boolean unchanged = true;

    /** Adds what the base has at the same place of the file. */
    void addUnchanged(Extent extent) {
        extents.add(extent);
    }

    /** Adds what is not as the base has it. */
    void add(Extent extent) {
        extents.add(extent);
        unchanged = false;
    }

    /** Leaves room for an extent. */
    int reserve() {
        extents.add(null);
        unchanged = false;
        return extents.size() - 1;
    }

    /** Says what is in a room that was left. */
    void fill(int room, Extent extent) {
        extents.set(room, extent);
    }

    /** Whether everything is as the base has it. */
    boolean isUnchanged() {
        return unchanged;
    }

    /** As few extents as possible, in order, all rooms being filled. */
    List<Extent> extents() {
        List<Extent> filled = new ArrayList<>(extents.size());
        for (Extent extent : extents) {
            if (extent == null) {
                throw new IllegalStateException("an extent is not known yet");
            }
            filled.add(extent);
        }
        return Extents.merge(filled);
    }
}
