package org.pgark.repository.manifest;

import java.util.List;

/** Where a file's bytes are found. */
public sealed interface FileContent {
    /** The file has no bytes. */
    record Empty() implements FileContent {}

    /** The file is one extent. */
    record Single(Extent extent) implements FileContent {}

    /**
     * The file's page map is stored, in one part or in several that follow one another.
     *
     * @param maps where the parts of the page map stand, in order
     */
    record Mapped(List<FramePart> maps) implements FileContent {
        public Mapped {
            maps = List.copyOf(maps);
            if (maps.isEmpty()) {
                throw new IllegalArgumentException("invalid page map without parts");
            }
        }
    }
}
