package org.pgark.physical.restore;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;

/** A piece of work for one writer. */
sealed interface WriteTask {
    /**
     * Files that are each one extent.
     *
     * @param frame the frame that all of them stand in; empty for files that have no stored bytes
     */
    record WholeFiles(Optional<FrameAddress> frame, List<WholeFile> files) implements WriteTask {
        public WholeFiles {
            files = List.copyOf(files);
        }
    }

    /**
     * One of {@link WholeFiles}.
     *
     * @param extent its bytes; empty for an empty file
     */
    record WholeFile(Path place, long size, FileAttributes attributes, Optional<Extent> extent) {}

    /**
     * A part of a large file.
     *
     * @param offset where in the file it begins
     */
    record Slice(FileTarget file, long offset, List<Extent> extents) implements WriteTask {
        public Slice {
            extents = List.copyOf(extents);
        }
    }
}
