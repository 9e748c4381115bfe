package org.pgark.physical.restore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;

/**
 * Gathers small files by the frame that they stand in, so that a frame is read and decompressed once. A few groups are
 * open at a time, because the workers of a backup fill their frames side by side.
 */
final class SmallFileGroups {
    private static final int OPEN_GROUPS = 16;
    private static final int FILES_IN_GROUP = 256;

    private final Map<Optional<FrameAddress>, List<WriteTask.WholeFile>> open = new LinkedHashMap<>();

    /** Adds a file; the answer is the group that is complete now, if one is. */
    Optional<WriteTask> add(WriteTask.WholeFile file) {
        Optional<FrameAddress> frame = file.extent().flatMap(SmallFileGroups::frameOf);
        List<WriteTask.WholeFile> group = open.computeIfAbsent(frame, _ -> new ArrayList<>());
        group.add(file);
        if (group.size() >= FILES_IN_GROUP) {
            open.remove(frame);
            return Optional.of(new WriteTask.WholeFiles(frame, group));
        }
        return open.size() > OPEN_GROUPS ? oldest() : Optional.empty();
    }

    /** Takes out one of the groups that are still open; empty if there is none. */
    Optional<WriteTask> oldest() {
        var groups = open.entrySet().iterator();
        if (!groups.hasNext()) {
            return Optional.empty();
        }
        var group = groups.next();
        groups.remove();
        return Optional.of(new WriteTask.WholeFiles(group.getKey(), group.getValue()));
    }

    private static Optional<FrameAddress> frameOf(Extent extent) {
        return switch (extent) {
            case Extent.Zeros zeros -> Optional.empty();
            case Extent.Stored stored -> Optional.of(stored.part().frame());
        };
    }
}
