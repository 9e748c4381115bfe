package org.pgark.repository.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.pack.FrameReader;

/** Reads a manifest from packs, in order or at one place. Not for several threads. */
public final class ManifestReader {
    private final FrameReader frames;
    private final StreamRoot root;
    private @Nullable FrameAddress mapFrame;
    private byte[] mapBytes = {};

    /** Reads by {@code frames}, which the caller closes. */
    public ManifestReader(FrameReader frames, StreamRoot root) {
        this.frames = frames;
        this.root = root;
    }

    /** Goes through entries in order of paths; {@link #next} is empty at the end. */
    public interface Cursor {
        /** The next entry. */
        Optional<ManifestEntry> next() throws IOException;
    }

    /** Goes through the extents of one file. */
    public interface ExtentCursor {
        /** The next extent; empty at the end of the file. */
        Optional<Extent> next() throws IOException;
    }

    /** All entries; at the end it is checked that none was missing. */
    public Cursor entries() throws IOException {
        return entries(_ -> {});
    }

    /** Goes through all frames that the backup needs: those of the manifest itself, of page maps and of files. */
    public void visitFrames(FrameVisitor visitor) throws IOException {
        Cursor entries = entries(visitor);
        for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
            if (entry.get() instanceof ManifestEntry.File file) {
                if (file.content() instanceof FileContent.Mapped(List<FramePart> maps)) {
                    for (FramePart map : maps) {
                        visitor.visit(map.frame());
                    }
                }
                ExtentCursor extents = extents(file);
                for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
                    if (extent.get() instanceof Extent.Stored(FramePart part)) {
                        visitor.visit(part.frame());
                    }
                }
            }
        }
    }

    private Cursor entries(FrameVisitor visitor) throws IOException {
        SortedStreamReader stream = new SortedStreamReader(frames, root, new byte[0], visitor);
        return new Cursor() {
            private long count;

            @Override
            public Optional<ManifestEntry> next() throws IOException {
                Optional<SortedStreamReader.Entry> entry = stream.next();
                if (entry.isPresent()) {
                    count++;
                } else if (count != root.entries()) {
                    throw damaged("the manifest has " + count + " entries instead of " + root.entries());
                }
                return entry.isPresent() ? Optional.of(decode(entry.get())) : Optional.empty();
            }
        };
    }

    /** The entries whose path begins with {@code prefix}; reads only what holds them. */
    public Cursor entriesUnder(String prefix) throws IOException {
        byte[] from = ManifestEntryCodec.key(prefix);
        SortedStreamReader stream = new SortedStreamReader(frames, root, from);
        return () -> {
            Optional<SortedStreamReader.Entry> entry = stream.next().filter(found -> startsWith(found.key(), from));
            return entry.isPresent() ? Optional.of(decode(entry.get())) : Optional.empty();
        };
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The entry of one path; reads only what holds it. */
    public Optional<ManifestEntry> find(String path) throws IOException {
        byte[] key = ManifestEntryCodec.key(path);
        Optional<SortedStreamReader.Entry> entry =
                new SortedStreamReader(frames, root, key).next().filter(found -> Arrays.equals(found.key(), key));
        return entry.isPresent() ? Optional.of(decode(entry.get())) : Optional.empty();
    }

    private ManifestEntry decode(SortedStreamReader.Entry entry) throws IOException {
        try {
            return current(ManifestEntryCodec.decode(entry.key(), new ByteDecoder(entry.value())));
        } catch (MalformedBytesException e) {
            throw damaged("the manifest entry of \"" + new String(entry.key(), StandardCharsets.UTF_8)
                    + "\" is malformed: " + e.getMessage());
        }
    }

    /*
     * Addresses leave here as they are now, so that what is made of them never refers to a pack that was rewritten.
     */
    private ManifestEntry current(ManifestEntry entry) throws IOException {
        if (!(entry instanceof ManifestEntry.File file)) {
            return entry;
        }
        FileContent content = switch (file.content()) {
            case FileContent.Empty empty -> empty;
            case FileContent.Single(Extent.Stored(FramePart part)) ->
                new FileContent.Single(new Extent.Stored(current(part)));
            case FileContent.Single zeros -> zeros;
            case FileContent.Mapped(List<FramePart> maps) -> {
                List<FramePart> now = new ArrayList<>(maps.size());
                for (FramePart map : maps) {
                    now.add(current(map));
                }
                yield new FileContent.Mapped(now);
            }
        };
        return new ManifestEntry.File(
                file.path(), file.fileClass(), file.attributes(), file.size(), content, file.damagedPages());
    }

    private FramePart current(FramePart part) throws IOException {
        FrameAddress now = frames.current(part.frame());
        return now.equals(part.frame()) ? part : new FramePart(now, part.offset(), part.length());
    }

    private DamagedObjectException damaged(String reason) {
        return new DamagedObjectException(frames.nameOf(root.root().pack()), reason);
    }

    /** How many entries there are. */
    public long size() {
        return root.entries();
    }

    /** The extents of a file in order, its page map being read if it has one. */
    public ExtentCursor extents(ManifestEntry.File file) {
        return new PageMapCursor(this, file);
    }

    /** Decodes the part of a page map that stands in a part of a frame. */
    List<Extent> readMap(FramePart part) throws IOException {
        if (!part.frame().equals(mapFrame)) {
            byte[] raw = new byte[part.frame().rawLength()];
            frames.read(part.frame(), raw);
            mapBytes = raw;
            mapFrame = part.frame();
        }
        try {
            return PageMap.decode(new ByteDecoder(mapBytes, part.offset(), part.length()), frames::current);
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(
                    frames.nameOf(part.frame().pack()),
                    "frame " + part.frame().frame() + " has a malformed page map: " + e.getMessage());
        }
    }

    /** Says that a page map does not hold a whole file. */
    DamagedObjectException damagedMap(ManifestEntry.File file, long length) {
        return damaged("the page map of \"" + file.path() + "\" holds " + length + " bytes instead of " + file.size());
    }
}
