package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/** Goes through a manifest and writes all that it names but pg_control. Used by one thread. */
final class TreeWriter {
    /*
     * A large file is cut into slices of this size, so that it never runs on one core alone; small enough that few workers
     * end at the same time, large enough that handing over costs nothing.
     */
    private static final long SLICE_BYTES = 8 << 20;

    private final Destination destination;
    private final ManifestReader manifest;
    private final Ownership ownership;
    private final boolean keep;
    private final WriterPool pool;
    private final DirectWrites direct;
    private final SmallFileGroups groups = new SmallFileGroups();
    private final List<ManifestEntry.Directory> closedDirectories = new ArrayList<>();

    /**
     * Writes to {@code destination} through {@code pool}, whose writers hand large files on to {@code direct}.
     *
     * @param keep whether what is there is compared and changed in place
     */
    TreeWriter(
            Destination destination,
            ManifestReader manifest,
            Ownership ownership,
            boolean keep,
            WriterPool pool,
            DirectWrites direct) {
        this.destination = destination;
        this.manifest = manifest;
        this.ownership = ownership;
        this.keep = keep;
        this.pool = pool;
        this.direct = direct;
    }

    /** Writes everything and waits until it is written. */
    void write() throws IOException, InterruptedException {
        ChosenRoots roots = new ChosenRoots(destination);
        ManifestReader.Cursor entries = manifest.entries();
        for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
            Optional<Path> place = destination.placeOf(entry.get());
            if (place.isPresent() && !LeftOut.isLeftOut(entry.get())) {
                if (destination.isRootedHere(entry.get(), place.get())) {
                    roots.check(Objects.requireNonNull(place.get().getParent()));
                }
                write(entry.get(), place.get());
            }
        }
        for (Optional<WriteTask> group = groups.oldest(); group.isPresent(); group = groups.oldest()) {
            pool.submit(group.get());
        }
        pool.finish();
        direct.finish();
        for (ManifestEntry.Directory directory : closedDirectories.reversed()) {
            ownership.settle(destination.placeOf(directory).orElseThrow(), directory.attributes());
        }
    }

    private void write(ManifestEntry entry, Path place) throws IOException, InterruptedException {
        switch (entry) {
            case ManifestEntry.Directory directory -> directory(directory, place);
            case ManifestEntry.SymbolicLink link -> link(link, place);
            case ManifestEntry.File file -> file(file, place);
        }
    }

    private void directory(ManifestEntry.Directory directory, Path place) throws IOException {
        FileAttributes attributes = directory.attributes();
        if (keep && Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !isKept(directory, place)) {
            FileRemoval.remove(place);
        }
        try {
            Files.createDirectory(place, PosixFilePermissions.asFileAttribute(Ownership.newDirectory(attributes)));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(place)) {
                throw e;
            }
        } catch (NoSuchFileException e) {
            Files.createDirectories(place);
        }
        if ((attributes.mode() & 0700) == 0700) {
            ownership.settle(place, attributes);
        } else {
            closedDirectories.add(directory);
        }
    }

    /** A directory stays, and so do links to the whole, to a tablespace, and to pg_wal on a disk of its own. */
    private boolean isKept(ManifestEntry.Directory directory, Path place) {
        return Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
                || (Files.isDirectory(place)
                        && (directory.path().matches("|pg_wal")
                                || destination.tablespaces().containsValue(place)));
    }

    private void link(ManifestEntry.SymbolicLink link, Path place) throws IOException {
        Path target = TablespaceLinks.oidOf(link)
                .flatMap(oid -> Optional.ofNullable(destination.tablespaces().get(oid)))
                .orElse(Path.of(link.target()));
        boolean right = keep
                && Files.isSymbolicLink(place)
                && Files.readSymbolicLink(place).equals(target);
        if (!right) {
            if (keep && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                FileRemoval.remove(place);
            }
            Files.createSymbolicLink(place, target);
        }
        ownership.giveAway(place, link.attributes());
    }

    private void file(ManifestEntry.File file, Path place) throws IOException, InterruptedException {
        switch (file.content()) {
            case FileContent.Empty() -> whole(file, place, Optional.empty());
            case FileContent.Single(Extent extent) -> whole(file, place, Optional.of(extent));
            case FileContent.Mapped mapped -> slices(file, place);
        }
    }

    private void whole(ManifestEntry.File file, Path place, Optional<Extent> extent)
            throws IOException, InterruptedException {
        Optional<WriteTask> full = groups.add(new WriteTask.WholeFile(place, file.size(), file.attributes(), extent));
        if (full.isPresent()) {
            pool.submit(full.get());
        }
    }

    /*
     * How many slices there will be is not known before the page map is read to its end, so this thread holds a part of
     * its own until then.
     */
    private void slices(ManifestEntry.File file, Path place) throws IOException, InterruptedException {
        FileTarget target = FileTarget.open(place, file.size(), file.attributes(), ownership, keep);
        ManifestReader.ExtentCursor extents = manifest.extents(file);
        List<Extent> slice = new ArrayList<>();
        long sliceOffset = 0;
        long offset = 0;
        for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
            slice.add(extent.get());
            offset += extent.get().length();
            if (offset - sliceOffset >= SLICE_BYTES) {
                target.addPart();
                pool.submit(new WriteTask.Slice(target, sliceOffset, slice));
                slice.clear();
                sliceOffset = offset;
            }
        }
        if (offset != file.size()) {
            throw new IOException("page map of \"" + file.path() + "\" describes " + offset
                    + " bytes, but the file has " + file.size());
        }
        if (!slice.isEmpty()) {
            target.addPart();
            pool.submit(new WriteTask.Slice(target, sliceOffset, slice));
        }
        target.partDone();
    }
}
