package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.pack.PackWriter;

/**
 * Writes a manifest into packs, entry by entry in ascending order of paths (by their UTF-8 bytes). Holds one frame of
 * entries and one frame of page maps in memory. Not for several threads.
 */
public final class ManifestWriter {
    private static final int MOST_WAITING = 4096;

    private final PackWriter packs;
    private final SortedStreamWriter stream;
    private final ByteEncoder value = new ByteEncoder(256);
    private final List<Waiting> waiting = new ArrayList<>();
    private PageMapBundle bundle = new PageMapBundle();

    /** An entry that cannot be written before the page maps of it or of an entry before it are. */
    private record Waiting(ManifestEntry entry, List<PageMapBundle.Place> maps) {
        ManifestEntry settled() {
            return entry instanceof ManifestEntry.File file && !maps.isEmpty()
                    ? new ManifestEntry.File(
                            file.path(),
                            file.fileClass(),
                            file.attributes(),
                            file.size(),
                            new FileContent.Mapped(
                                    maps.stream().map(PageMapBundle.Place::part).toList()),
                            file.damagedPages())
                    : entry;
        }
    }

    /** Writes page maps and manifest by {@code packs}, which the caller commits afterwards. */
    public ManifestWriter(PackWriter packs) {
        this.packs = packs;
        this.stream = new SortedStreamWriter(packs);
    }

    /** Adds a directory, a link, or a file whose content is stored already. */
    public void add(ManifestEntry entry) throws IOException {
        if (waiting.isEmpty()) {
            write(entry);
        } else {
            await(new Waiting(entry, List.of()));
        }
    }

    /**
     * Adds a file by its extents: none for an empty file; a page map is stored where there are several.
     *
     * @param damagedPages numbers of pages whose checksum was wrong, ascending
     */
    public void addFile(
            String path,
            FileClass fileClass,
            FileAttributes attributes,
            List<Extent> extents,
            List<Integer> damagedPages)
            throws IOException {
        List<Extent> merged = Extents.merge(extents);
        long size = merged.stream().mapToLong(Extent::length).sum();
        switch (merged.size()) {
            case 0 ->
                add(new ManifestEntry.File(path, fileClass, attributes, size, new FileContent.Empty(), damagedPages));
            case 1 ->
                add(new ManifestEntry.File(
                        path, fileClass, attributes, size, new FileContent.Single(merged.getFirst()), damagedPages));
            default -> {
                List<PageMapBundle.Place> maps = map(merged);
                FileContent notYet = new FileContent.Single(new Extent.Zeros(size));
                await(new Waiting(
                        new ManifestEntry.File(path, fileClass, attributes, size, notYet, damagedPages), maps));
            }
        }
    }

    private List<PageMapBundle.Place> map(List<Extent> extents) throws IOException {
        List<PageMapBundle.Place> places = new ArrayList<>();
        for (int from = 0; from < extents.size(); from += PageMap.MAX_EXTENTS) {
            int to = Math.min(extents.size(), from + PageMap.MAX_EXTENTS);
            byte[] map = PageMap.encode(extents.subList(from, to));
            if (!bundle.hasRoom(map.length)) {
                settle();
            }
            places.add(bundle.add(map));
        }
        return places;
    }

    private void await(Waiting entry) throws IOException {
        waiting.add(entry);
        if (waiting.size() >= MOST_WAITING) {
            settle();
        }
    }

    /** Writes the page maps that were collected, and then the entries that waited for them. */
    private void settle() throws IOException {
        if (!bundle.isEmpty()) {
            bundle.write(packs);
            bundle = new PageMapBundle();
        }
        for (Waiting entry : waiting) {
            write(entry.settled());
        }
        waiting.clear();
    }

    private void write(ManifestEntry entry) throws IOException {
        value.clear();
        ManifestEntryCodec.encode(entry, value);
        try {
            stream.add(ManifestEntryCodec.key(entry.path()), value.toByteArray());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid manifest entry \"" + entry.path() + "\": " + e.getMessage(), e);
        }
    }

    /**
     * Leaves room, at this place of the order, for a file that is added by {@link #fillRoom} later, in any order, or
     * never.
     *
     * @param path of that file; or of a directory, with a slash at its end, for any number of files in it that {@link
     *     #fillRoomIn} adds later. What is added next must come behind all of them.
     */
    public void leaveRoom(String path) throws IOException {
        settle();
        stream.leaveRoom(ManifestEntryCodec.key(path));
    }

    /**
     * Adds a file for which room was left.
     *
     * @throws IllegalArgumentException if no room was left for it
     */
    public void fillRoom(ManifestEntry.File file) {
        fill(ManifestEntryCodec.key(file.path()), file);
    }

    /**
     * Adds a file by its extents, none for an empty one, to the room that was left in its directory.
     *
     * @throws IllegalArgumentException if none was left, or if files are not in ascending order
     */
    public void fillRoomIn(String directory, String path, FileAttributes attributes, List<Extent> extents)
            throws IOException {
        List<Extent> merged = Extents.merge(extents);
        long size = merged.stream().mapToLong(Extent::length).sum();
        FileContent content;
        if (merged.isEmpty()) {
            content = new FileContent.Empty();
        } else if (merged.size() == 1) {
            content = new FileContent.Single(merged.getFirst());
        } else {
            List<PageMapBundle.Place> maps = map(merged);
            settle();
            content = new FileContent.Mapped(
                    maps.stream().map(PageMapBundle.Place::part).toList());
        }
        fill(
                ManifestEntryCodec.key(directory),
                new ManifestEntry.File(path, new FileClass.ClusterData(), attributes, size, content, List.of()));
    }

    private void fill(byte[] room, ManifestEntry.File file) {
        value.clear();
        ManifestEntryCodec.encode(file, value);
        try {
            stream.fillRoom(room, ManifestEntryCodec.key(file.path()), value.toByteArray());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid manifest entry \"" + file.path() + "\": " + e.getMessage(), e);
        }
    }

    /** Writes what is left and says where the manifest begins; nothing can be added afterwards. */
    public StreamRoot finish() throws IOException {
        settle();
        return stream.finish();
    }
}
