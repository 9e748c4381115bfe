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
 * @param extents the part's bytes; none of a file that is kept as a whole
 * @param unchanged whether the part is as the base has it
 * @param damages the damaged pages in it
 */
record PackedPart(
        KnownFile file,
        boolean last,
        boolean found,
        long missing,
        List<Extent> extents,
        boolean unchanged,
        List<PageDamage> damages) {

    static PackedPart vanished(KnownFile file, boolean last) {
        return new PackedPart(file, last, false, 0, List.of(), false, List.of());
    }

    static PackedPart kept(KnownFile file) {
        return new PackedPart(file, true, true, 0, List.of(), true, List.of());
    }

    static PackedPart withoutContent(KnownFile file) {
        return new PackedPart(file, true, true, 0, List.of(), false, List.of());
    }
}
