package org.pgark.physical.verify;

import java.util.List;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.ManifestEntry;

/**
 * A run of one file's bytes that one worker verifies.
 *
 * @param file the file
 * @param start where in the file it begins, in bytes
 * @param extents what it consists of
 */
record FileSlice(ManifestEntry.File file, long start, List<Extent> extents) {
    FileSlice {
        extents = List.copyOf(extents);
    }

    /** How many bytes of the file it has. */
    long length() {
        return extents.stream().mapToLong(Extent::length).sum();
    }
}
