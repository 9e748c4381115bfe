package org.pgark.repository.copy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;

/**
 * Goes through the files of a backup of one repository as they will be in another one. Beside it runs a backup that both
 * have, from which follows where there is what the two backups share. Keeps the extents of one file in memory.
 */
final class FileWalk {
    private final FrameReader there;
    private final FrameReader here;
    private final StreamRoot backup;
    private final Optional<StreamRoot> baseThere;
    private final Optional<StreamRoot> baseHere;

    /**
     * A walk.
     *
     * @param there reads the repository that has the backup
     * @param here reads the other one
     * @param backup its manifest
     * @param baseThere the manifest of the backup that both have, in the one repository
     * @param baseHere the same in the other one
     */
    FileWalk(
            FrameReader there,
            FrameReader here,
            StreamRoot backup,
            Optional<StreamRoot> baseThere,
            Optional<StreamRoot> baseHere) {
        this.there = there;
        this.here = here;
        this.backup = backup;
        this.baseThere = baseThere;
        this.baseHere = baseHere;
    }

    /** Says where a frame will be that the base does not have. */
    interface Placing {
        FrameAddress place(FrameAddress frame) throws IOException;
    }

    /** Takes the entries as they will be, in order. */
    interface Sink {
        /** Forgets them. */
        Sink NONE = new Sink() {
            @Override
            public void entry(ManifestEntry entry) {}

            @Override
            public void mapped(ManifestEntry.File file, List<Extent> extents) {}
        };

        /** An entry that is complete. */
        void entry(ManifestEntry entry) throws IOException;

        /** A file whose page map has to be written. */
        void mapped(ManifestEntry.File file, List<Extent> extents) throws IOException;

        /** Writes them. */
        static Sink to(ManifestWriter manifest) {
            return new Sink() {
                @Override
                public void entry(ManifestEntry entry) throws IOException {
                    manifest.add(entry);
                }

                @Override
                public void mapped(ManifestEntry.File file, List<Extent> extents) throws IOException {
                    manifest.addFile(file.path(), file.fileClass(), file.attributes(), extents, file.damagedPages());
                }
            };
        }
    }

    /** Goes through all entries. */
    void visit(Placing placing, Sink sink) throws IOException {
        ManifestReader reader = new ManifestReader(there, backup);
        ManifestReader.Cursor entries = reader.entries();
        Base base = new Base();
        for (Optional<ManifestEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
            if (next.get() instanceof ManifestEntry.File file) {
                file(reader, file, base.of(file), placing, sink);
            } else {
                sink.entry(next.get());
            }
        }
    }

    /** Where the frames of one pack are that the base has, too: the backup and its base being the same. */
    Map<FrameAddress, FrameAddress> twins(ObjectId pack) throws IOException {
        ManifestReader.Cursor entries = new ManifestReader(there, backup).entries();
        Base base = new Base();
        Map<FrameAddress, FrameAddress> twins = new HashMap<>();
        for (Optional<ManifestEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
            if (next.get() instanceof ManifestEntry.File file && !(file.content() instanceof FileContent.Empty)) {
                Optional<Pair> pair = base.of(file);
                if (pair.isPresent()) {
                    pair.get().frames().forEach((frame, other) -> {
                        if (frame.pack().equals(pack)) {
                            twins.put(frame, other);
                        }
                    });
                }
            }
        }
        return twins;
    }

    private static void file(
            ManifestReader reader, ManifestEntry.File file, Optional<Pair> pair, Placing placing, Sink sink)
            throws IOException {
        if (pair.isPresent() && pair.get().there().content().equals(file.content())) {
            sink.entry(with(file, pair.get().here().content()));
            return;
        }
        if (file.content() instanceof FileContent.Empty) {
            sink.entry(file);
            return;
        }
        Map<FrameAddress, FrameAddress> known = pair.isPresent() ? pair.get().frames() : Map.of();
        List<Extent> extents = new ArrayList<>();
        ManifestReader.ExtentCursor cursor = reader.extents(file);
        for (Optional<Extent> extent = cursor.next(); extent.isPresent(); extent = cursor.next()) {
            extents.add(placed(extent.get(), known, placing));
        }
        if (file.content() instanceof FileContent.Single && extents.size() == 1) {
            sink.entry(with(file, new FileContent.Single(extents.getFirst())));
        } else {
            sink.mapped(file, extents);
        }
    }

    private static ManifestEntry.File with(ManifestEntry.File file, FileContent content) {
        return new ManifestEntry.File(
                file.path(), file.fileClass(), file.attributes(), file.size(), content, file.damagedPages());
    }

    private static Extent placed(Extent extent, Map<FrameAddress, FrameAddress> known, Placing placing)
            throws IOException {
        if (!(extent instanceof Extent.Stored(FramePart part))) {
            return extent;
        }
        FrameAddress here = known.get(part.frame());
        FrameAddress frame = here == null ? placing.place(part.frame()) : here;
        return new Extent.Stored(new FramePart(frame, part.offset(), part.length()));
    }

    /** A file of the base, in both repositories. */
    private record Pair(
            ManifestReader readerThere, ManifestEntry.File there, ManifestReader readerHere, ManifestEntry.File here) {
        /** Where the frames are here that the file has there; none if the two do not fit, extent by extent. */
        Map<FrameAddress, FrameAddress> frames() throws IOException {
            Map<FrameAddress, FrameAddress> frames = new HashMap<>();
            ManifestReader.ExtentCursor first = readerThere.extents(there);
            ManifestReader.ExtentCursor second = readerHere.extents(here);
            while (true) {
                Optional<Extent> one = first.next();
                Optional<Extent> other = second.next();
                if (one.isEmpty() && other.isEmpty()) {
                    return frames;
                }
                if (one.isEmpty() || other.isEmpty() || !fit(one.get(), other.get(), frames)) {
                    return Map.of();
                }
            }
        }

        private static boolean fit(Extent there, Extent here, Map<FrameAddress, FrameAddress> frames) {
            if (!(there instanceof Extent.Stored(FramePart first))
                    || !(here instanceof Extent.Stored(FramePart second))) {
                return there.equals(here);
            }
            if (first.offset() != second.offset()
                    || first.length() != second.length()
                    || first.frame().rawLength() != second.frame().rawLength()) {
                return false;
            }
            FrameAddress before = frames.putIfAbsent(first.frame(), second.frame());
            return before == null || before.equals(second.frame());
        }
    }

    /** The base in both repositories, gone through in the order of paths. */
    private final class Base {
        private final Optional<Side> thereSide;
        private final Optional<Side> hereSide;

        Base() throws IOException {
            thereSide = side(there, baseThere);
            hereSide = side(here, baseHere);
        }

        private static Optional<Side> side(FrameReader frames, Optional<StreamRoot> root) throws IOException {
            return root.isPresent() ? Optional.of(new Side(frames, root.get())) : Optional.empty();
        }

        /** The same file in the base; asked in the order of paths. */
        Optional<Pair> of(ManifestEntry.File file) throws IOException {
            if (thereSide.isEmpty() || hereSide.isEmpty()) {
                return Optional.empty();
            }
            Optional<ManifestEntry.File> first = thereSide.get().find(file.path());
            Optional<ManifestEntry.File> second = hereSide.get().find(file.path());
            return first.isPresent()
                            && second.isPresent()
                            && first.get().size() == second.get().size()
                    ? Optional.of(new Pair(thereSide.get().reader, first.get(), hereSide.get().reader, second.get()))
                    : Optional.empty();
        }
    }

    /** One manifest, in order. */
    private static final class Side {
        private final ManifestReader reader;
        private final ManifestReader.Cursor cursor;
        private Optional<ManifestEntry> next;

        Side(FrameReader frames, StreamRoot root) throws IOException {
            reader = new ManifestReader(frames, root);
            cursor = reader.entries();
            next = cursor.next();
        }

        Optional<ManifestEntry.File> find(String path) throws IOException {
            byte[] wanted = path.getBytes(StandardCharsets.UTF_8);
            while (next.isPresent()
                    && Arrays.compareUnsigned(next.get().path().getBytes(StandardCharsets.UTF_8), wanted) < 0) {
                next = cursor.next();
            }
            return next.isPresent() && next.get().path().equals(path) && next.get() instanceof ManifestEntry.File file
                    ? Optional.of(file)
                    : Optional.empty();
        }
    }
}
