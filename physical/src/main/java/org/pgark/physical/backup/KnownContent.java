package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.change.ChangeMap;
import org.pgark.physical.change.FileChanges;
import org.pgark.postgres.datadir.FileType;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/**
 * What is known of the files before they are read: what the base has of them, and which pages may have changed since.
 * Asked in the order of paths, by one thread.
 */
final class KnownContent {
    /** Pages that are read again together. */
    private static final int RECHECK_PAGES = 128;

    private final Optional<ManifestReader> base;
    private final Optional<ChangeMap> changes;
    private final int recheck;
    private final int turn;
    private final int relationSegmentBlocks;
    private final Predicate<FrameAddress> damaged;
    private Optional<Siblings> siblings;
    private final ProgressListener progress;
    private Optional<ManifestReader.Cursor> cursor = Optional.empty();
    private Optional<ManifestEntry> next = Optional.empty();

    /**
     * @param base the manifest of the backup to share with; empty if there is none
     * @param changes what may have changed since; empty if that is not known
     * @param recheck one in so many of the pages that count as unchanged is read again; 0 for none
     * @param turn which of them this time
     * @param relationSegmentBlocks pages of a relation's file before the next one begins
     * @param folders of the cluster
     * @param damaged which frames verification could not read
     */
    KnownContent(
            Optional<ManifestReader> base,
            Optional<ChangeMap> changes,
            int recheck,
            int turn,
            int relationSegmentBlocks,
            List<String> folders,
            Predicate<FrameAddress> damaged,
            ProgressListener progress)
            throws IOException {
        this.damaged = damaged;
        this.base = base;
        this.changes = changes;
        this.recheck = recheck;
        this.turn = turn;
        this.relationSegmentBlocks = relationSegmentBlocks;
        this.siblings = base.map(manifest -> new Siblings(manifest, folders));
        this.progress = progress;
        try {
            if (base.isPresent()) {
                ManifestReader.Cursor entries = base.get().entries();
                cursor = Optional.of(entries);
                next = entries.next();
            }
        } catch (IOException e) {
            giveUpBase(e);
        }
    }

    /** Files do not depend on one another: those that the base still told of are right. */
    void giveUpBase(IOException reason) {
        progress.warning("the list of files of the base cannot be read any further, what follows is stored anew: "
                + reason.getMessage());
        cursor = Optional.empty();
        next = Optional.empty();
        siblings = Optional.empty();
    }

    /** What is known of the next file. */
    KnownFile of(SourceFile source) {
        if (source.status().type() != FileType.REGULAR) {
            return KnownFile.unknown(source);
        }
        Optional<ManifestEntry.File> found = find(source.path()).filter(this::isReadable);
        return new KnownFile(source, found, found.flatMap(file -> reading(source, file)));
    }

    /** Whether all of a file can be relied on, as far as is known: what is taken over without a look has to be there. */
    boolean isReadable(ManifestEntry.File file) {
        try {
            ManifestReader.ExtentCursor extents = base.orElseThrow().extents(file);
            Optional<Extent> extent = extents.next();
            while (extent.isPresent()) {
                if (extent.get() instanceof Extent.Stored(FramePart part) && damaged.test(part.frame())) {
                    progress.warning(
                            "what the base has of \"" + file.path() + "\" was found damaged, it is stored anew");
                    return false;
                }
                extent = extents.next();
            }
            return true;
        } catch (IOException e) {
            progress.warning("what the base has of \"" + file.path() + "\" cannot be read, it is stored anew: "
                    + e.getMessage());
            return false;
        }
    }

    private Optional<ManifestEntry.File> find(String path) {
        try {
            while (next.isPresent() && PathOrder.BYTEWISE.compare(next.get().path(), path) < 0) {
                next = cursor.orElseThrow().next();
            }
        } catch (IOException e) {
            giveUpBase(e);
        }
        return next.filter(entry -> entry.path().equals(path))
                .filter(ManifestEntry.File.class::isInstance)
                .map(ManifestEntry.File.class::cast);
    }

    private Optional<Reading> reading(SourceFile source, ManifestEntry.File file) {
        Optional<RelationPath> relation = RelationPath.parse(source.path())
                .filter(path -> path.file().fork() == Fork.MAIN || path.file().fork() == Fork.INIT);
        long size = source.status().size();
        if (changes.isEmpty() || relation.isEmpty() || file.size() % ContentHasher.UNIT != 0) {
            return Optional.empty();
        }
        return switch (changes.get().of(relation.get(), relationSegmentBlocks)) {
            case FileChanges.Everything _ -> Optional.empty();
            case FileChanges.Pages(BitSet changed) -> Optional.of(reading(source.path(), size, file, changed));
        };
    }

    private Reading reading(String path, long size, ManifestEntry.File file, BitSet changed) {
        int pages = (int) ((size + ContentHasher.UNIT - 1) / ContentHasher.UNIT);
        int before = (int) (file.size() / ContentHasher.UNIT);
        BitSet wanted = new BitSet(pages);
        wanted.or(changed);
        file.damagedPages().forEach(wanted::set);
        if (pages > before) {
            wanted.set(before, pages);
        }
        wanted.clear(pages, Math.max(pages, wanted.length()));
        if (size % ContentHasher.UNIT != 0) {
            wanted.set(pages - 1);
        }
        BitSet expectedSame = new BitSet();
        for (int begin = 0; begin < pages; begin += RECHECK_PAGES) {
            if (isTurnOf(path, begin / RECHECK_PAGES)) {
                expectedSame.set(begin, Math.min(begin + RECHECK_PAGES, pages));
            }
        }
        expectedSame.andNot(wanted);
        wanted.or(expectedSame);
        return new Reading(wanted, expectedSame);
    }

    private boolean isTurnOf(String path, int group) {
        return recheck > 0 && Math.floorMod(path.hashCode() * 31 + group + turn, recheck) == 0;
    }

    /** Goes through what the base has of a file that it does not know itself, but whose model it may know. */
    Optional<Stretches> model(KnownFile file) {
        if (file.base().isPresent() || siblings.isEmpty()) {
            return Optional.empty();
        }
        ManifestReader reader = base.orElseThrow();
        try {
            return siblings.get()
                    .of(file.source().path(), file.source().status().size())
                    .filter(this::isReadable)
                    .map(found -> new Stretches(file, Optional.of(reader.extents(found))));
        } catch (IOException e) {
            giveUpBase(e);
            return Optional.empty();
        }
    }

    /** Goes through what the base has of a file. */
    Stretches stretches(KnownFile file) {
        return new Stretches(file, base.isPresent() ? file.base().map(base.get()::extents) : Optional.empty());
    }

    /** What the base has of one file, stretch by stretch. */
    final class Stretches {
        private final KnownFile file;
        private Optional<ManifestReader.ExtentCursor> extents;
        private Optional<Extent> rest = Optional.empty();
        private long position;

        private Stretches(KnownFile file, Optional<ManifestReader.ExtentCursor> extents) {
            this.file = file;
            this.extents = extents;
        }

        /** What there is before {@code end}; each call goes on where the one before ended. */
        Earlier upTo(long end) throws IOException {
            long begin = position;
            List<Extent> found = new ArrayList<>();
            try {
                while (position < end && extents.isPresent()) {
                    Optional<Extent> extent =
                            rest.isPresent() ? rest : extents.get().next();
                    rest = Optional.empty();
                    if (extent.isEmpty()) {
                        extents = Optional.empty();
                        break;
                    }
                    Earlier whole = Earlier.of(position, List.of(extent.get()));
                    whole.cut(position, end).forEach(piece -> found.add(piece.extent()));
                    rest = whole.cut(end, Long.MAX_VALUE).stream()
                            .map(Earlier.Piece::extent)
                            .findFirst();
                    position = Math.min(whole.end(), end);
                }
            } catch (IOException e) {
                if (file.restsOnBase()) {
                    throw e;
                }
                progress.warning("what the base has of \"" + file.source().path()
                        + "\" cannot be read, it is stored anew: " + e.getMessage());
                extents = Optional.empty();
                return Earlier.NOTHING;
            }
            return Earlier.of(begin, found);
        }
    }
}
