package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Goes through the extents of a file, reading one part of its page map after the other. */
final class PageMapCursor implements ManifestReader.ExtentCursor {
    private final ManifestReader manifest;
    private final ManifestEntry.File file;
    private final Iterator<FramePart> maps;
    private Iterator<Extent> extents;
    private long length;

    PageMapCursor(ManifestReader manifest, ManifestEntry.File file) {
        this.manifest = manifest;
        this.file = file;
        this.maps = file.content() instanceof FileContent.Mapped(List<FramePart> parts)
                ? parts.iterator()
                : List.<FramePart>of().iterator();
        this.extents = file.content() instanceof FileContent.Single(Extent extent)
                ? List.of(extent).iterator()
                : List.<Extent>of().iterator();
    }

    @Override
    public Optional<Extent> next() throws IOException {
        while (!extents.hasNext() && maps.hasNext()) {
            extents = manifest.readMap(maps.next()).iterator();
        }
        if (!extents.hasNext()) {
            if (length != file.size()) {
                throw manifest.damagedMap(file, length);
            }
            return Optional.empty();
        }
        Extent extent = extents.next();
        length += extent.length();
        return Optional.of(extent);
    }
}
