package org.pgark.physical.backup;

import java.util.List;
import org.pgark.repository.manifest.Extent;

/**
 * A file, or a slice of a large one, as it is in the packs now; also a directory or a link, of which nothing is packed.
 *
 * @param file whose part it is
 * @param last whether it is the file's last part
 * @param found whether the file was still there
 * @param missing how many bytes of the part were gone, because the file had been truncated
 * @param extents the part's bytes
 * @param damages the damaged pages in it
 */
record PackedPart(
        SourceFile file, boolean last, boolean found, long missing, List<Extent> extents, List<PageDamage> damages) {

    static PackedPart vanished(SourceFile file, boolean last) {
        return new PackedPart(file, last, false, 0, List.of(), List.of());
    }

    static PackedPart withoutContent(SourceFile file) {
        return new PackedPart(file, true, true, 0, List.of(), List.of());
    }
}
