package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pgark.physical.failure.FailedException;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestWriter;

/**
 * Puts packed parts together to the manifest's entries, in the order of paths, and counts.
 *
 * <p>Room is left for the files that are only known at the end.
 */
final class ManifestAssembly {
    private static final FileClass CLUSTER_DATA = new FileClass.ClusterData();
    private static final FileClass EXTERNAL = new FileClass.ExternalConfiguration();

    private final ManifestWriter manifest;
    private final OwnerNames owners;
    private final DamageReport damage;
    private final Deque<String> late;
    private final List<Extent> extents = new ArrayList<>();
    private final List<PageDamage> damages = new ArrayList<>();
    private final SortedMap<Long, String> tablespaceLinks = new TreeMap<>();
    private long missing;
    private boolean found;
    private boolean unchanged = true;
    private long files;
    private long rawBytes;
    private long zeroBytes;
    private long vanished;

    /**
     * @param late paths of files that are added by {@link #addLate}, and of directories, with a slash at the end, to which
     *     files are added by {@link #addLateIn}; in the order of paths
     */
    ManifestAssembly(ManifestWriter manifest, OwnerNames owners, DamageReport damage, List<String> late) {
        this.manifest = manifest;
        this.owners = owners;
        this.damage = damage;
        this.late = new ArrayDeque<>(late);
    }

    /** Takes the next part in the order of paths, and of positions within a file. */
    void add(PackedPart part) throws IOException, FailedException {
        found |= part.found();
        if (!part.extents().isEmpty()) {
            if (missing > 0) {
                // The file was truncated and grew again while it was read; recovery writes what lies between.
                addExtent(new Extent.Zeros(missing));
                missing = 0;
            }
            part.extents().forEach(this::addExtent);
        }
        missing += part.missing();
        unchanged &= part.unchanged();
        damages.addAll(part.damages());
        if (part.last()) {
            if (found) {
                addEntry(
                        part.file().isKept() ? part.file().base() : sameAsBase(part.file()),
                        part.file().source());
            } else {
                vanished++;
            }
            extents.clear();
            damages.clear();
            missing = 0;
            found = false;
            unchanged = true;
        }
    }

    private void addExtent(Extent extent) {
        if (extent instanceof Extent.Zeros zeros) {
            zeroBytes += zeros.length();
            if (!extents.isEmpty() && extents.getLast() instanceof Extent.Zeros before) {
                extents.set(extents.size() - 1, new Extent.Zeros(before.length() + zeros.length()));
                return;
            }
        }
        extents.add(extent);
    }

    /** What the base says of a file, if everything of it was found as the base has it. */
    private Optional<ManifestEntry.File> sameAsBase(KnownFile file) {
        long length = extents.stream().mapToLong(Extent::length).sum();
        return unchanged
                ? file.base()
                        .filter(base -> base.size() == length)
                        .filter(base -> base.damagedPages().equals(damagedPages()))
                : Optional.empty();
    }

    private List<Integer> damagedPages() {
        return damages.stream().map(PageDamage::page).toList();
    }

    private void addEntry(Optional<ManifestEntry.File> same, SourceFile file) throws IOException, FailedException {
        leaveRoom(file.path());
        FileAttributes attributes = attributes(file);
        FileClass fileClass = fileClass(file.path());
        switch (file.status().type()) {
            case DIRECTORY -> manifest.add(new ManifestEntry.Directory(file.path(), fileClass, attributes));
            case SYMBOLIC_LINK -> addLink(file, attributes);
            case REGULAR -> {
                files++;
                damage.add(file.path(), damages);
                if (same.isPresent()) {
                    rawBytes += same.get().size();
                    manifest.add(new ManifestEntry.File(
                            file.path(),
                            fileClass,
                            attributes,
                            same.get().size(),
                            same.get().content(),
                            same.get().damagedPages()));
                } else {
                    extents.forEach(extent -> rawBytes += extent.length());
                    manifest.addFile(file.path(), fileClass, attributes, List.copyOf(extents), damagedPages());
                }
            }
            case OTHER -> throw new IllegalStateException("not to be copied: " + file.path());
        }
    }

    private void addLink(SourceFile file, FileAttributes attributes) throws IOException, FailedException {
        try {
            String target = file.linkTarget().isPresent()
                    ? file.linkTarget().get()
                    : ExactName.of(
                            Files.readSymbolicLink(file.place()), "target of symbolic link \"" + file.path() + "\"");
            manifest.add(new ManifestEntry.SymbolicLink(file.path(), CLUSTER_DATA, attributes, target));
            if (fileClass(file.path() + "/") instanceof FileClass.Tablespace tablespace) {
                tablespaceLinks.put(tablespace.oid(), target);
            }
        } catch (NoSuchFileException e) {
            vanished++;
        }
    }

    private void leaveRoom(String before) throws IOException {
        while (!late.isEmpty() && PathOrder.BYTEWISE.compare(late.getFirst(), before) < 0) {
            manifest.leaveRoom(late.removeFirst());
        }
    }

    /** Leaves room for what is left of the late files, all parts being added. */
    void endOfParts() throws IOException {
        while (!late.isEmpty()) {
            manifest.leaveRoom(late.removeFirst());
        }
    }

    /** Adds one of the late files, with the owner and the permissions of {@code like}. */
    void addLate(String path, SourceFile like, Instant modified, FramePart content) {
        FileAttributes model = attributes(like);
        files++;
        rawBytes += content.length();
        manifest.fillRoom(new ManifestEntry.File(
                path,
                CLUSTER_DATA,
                new FileAttributes(model.mode(), model.user(), model.group(), modified),
                content.length(),
                new FileContent.Single(new Extent.Stored(content)),
                List.of()));
    }

    /** Adds a file to one of the late directories, in the order of paths; else as {@link #addLate}. */
    void addLateIn(String directory, String name, SourceFile like, Instant modified, List<Extent> content)
            throws IOException {
        FileAttributes model = attributes(like);
        files++;
        content.forEach(extent -> rawBytes += extent.length());
        manifest.fillRoomIn(
                directory,
                directory + name,
                new FileAttributes(model.mode(), model.user(), model.group(), modified),
                content);
    }

    private FileAttributes attributes(SourceFile file) {
        FileStatus status = file.status();
        owners.note(file.place(), status.owner(), status.group());
        return new FileAttributes(
                status.permissions(),
                status.owner(),
                status.group(),
                Instant.EPOCH.plus(status.modifiedMicros(), ChronoUnit.MICROS));
    }

    private static FileClass fileClass(String path) {
        if (path.startsWith("/")) {
            return EXTERNAL;
        }
        if (path.startsWith(TreeWalk.TABLESPACES + "/")) {
            int begin = TreeWalk.TABLESPACES.length() + 1;
            int end = path.indexOf('/', begin);
            if (end > 0 && path.substring(begin, end).matches("[1-9][0-9]{0,9}")) {
                return new FileClass.Tablespace(Long.parseLong(path.substring(begin, end)));
            }
        }
        return CLUSTER_DATA;
    }

    /** Where the links of tablespaces lead, by object id. */
    SortedMap<Long, String> tablespaceLinks() {
        return Collections.unmodifiableSortedMap(tablespaceLinks);
    }

    long files() {
        return files;
    }

    long rawBytes() {
        return rawBytes;
    }

    long zeroBytes() {
        return zeroBytes;
    }

    long vanished() {
        return vanished;
    }
}
