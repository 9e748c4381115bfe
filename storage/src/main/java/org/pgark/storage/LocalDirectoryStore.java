package org.pgark.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps each object as a file in a directory. An object is written to {@code tmp/}, synchronised, and then given its
 * name by a hard link, which fails if the name is taken; then its folder is synchronised. The directory is made when
 * the first object is written.
 */
public final class LocalDirectoryStore implements ObjectStore {
    /** The object that makes a directory a repository. */
    private static final String MARK = "repository";

    private static final String TEMPORARY = "tmp";
    static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path root;
    private final FileSync sync;
    private final StoreOwner owner;
    private final DurableFolders folders;
    private final LocalReserve reserve;
    private final OpenFiles files = new OpenFiles();
    private final boolean wasRepository;

    /** Keeps objects under {@code root}. */
    public LocalDirectoryStore(Path root) {
        this(root, FileSync.SYSTEM);
    }

    LocalDirectoryStore(Path root, FileSync sync) {
        this.root = root.toAbsolutePath().normalize();
        this.sync = sync;
        this.owner = new StoreOwner(this.root);
        this.folders = new DurableFolders(this.root, sync, owner);
        this.reserve = new LocalReserve(this.root, sync, owner, folders);
        this.wasRepository = Files.exists(mark());
    }

    private Path mark() {
        return root.resolve(MARK);
    }

    /** What was written under a mount point would be hidden as soon as the file system is there again. */
    private boolean isGone() {
        return wasRepository && !Files.exists(mark());
    }

    private void requireStillThere() throws IOException {
        if (isGone()) {
            throw new IOException("\"" + mark() + "\" was there before and is gone; is the file system mounted?");
        }
    }

    FileSync sync() {
        return sync;
    }

    /** The file that holds an object. */
    Path path(ObjectName name) {
        return root.resolve(name.value());
    }

    /** The folder that holds a file of this store. */
    Path folderOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? root : parent;
    }

    @Override
    public Set<StoreFeature> features() {
        return EnumSet.allOf(StoreFeature.class);
    }

    @Override
    public String description() {
        return "file:" + root;
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(root);
    }

    @Override
    public ObjectWriter create(ObjectName name) throws IOException {
        if (name.value().equals(TEMPORARY) || name.value().startsWith(TEMPORARY + "/") || LocalReserve.owns(name)) {
            throw new IllegalArgumentException(
                    "invalid object name \"" + name + "\", \"tmp\" and \"reserve\" are reserved");
        }
        try {
            requireStillThere();
            Path folder = root.resolve(TEMPORARY);
            ensure(folder);
            Path temporary = folder.resolve(UUID.randomUUID().toString());
            Optional<FileChannel> kept = reserve.take(temporary);
            FileChannel channel = kept.isPresent()
                    ? kept.get()
                    : FileChannel.open(
                            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), MODE);
            owner.handOver(temporary);
            return new LocalObjectWriter(
                    this,
                    name,
                    temporary,
                    channel,
                    kept.isPresent() ? () -> reserve.giveBack(temporary) : () -> Files.deleteIfExists(temporary));
        } catch (IOException e) {
            throw Failures.of("write", name, description(), e);
        }
    }

    /** Makes a folder, at the cost of the reserve where that is open. */
    void ensure(Path folder) throws IOException {
        while (true) {
            try {
                folders.ensure(folder);
                return;
            } catch (FileSystemException e) {
                if (!reserve.giveUpOne()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void openReserve() {
        reserve.open();
    }

    @Override
    public void keepReserve() {
        if (isGone()) {
            return;
        }
        reserve.keep(root.resolve(TEMPORARY));
    }

    @Override
    public OptionalLong size(ObjectName name) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(name), BasicFileAttributes.class);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw Failures.of("look for", name, description(), e);
        }
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        boolean full;
        try {
            full = files.read(path(name), offset, target);
        } catch (NoSuchFileException e) {
            throw new NoSuchObjectException(name, description());
        } catch (IOException e) {
            throw Failures.of("read", name, description(), e);
        }
        if (!full) {
            throw new EOFException("object \"" + name + "\" in " + description() + " ends too early");
        }
    }

    @Override
    public List<StoredObject> list(ObjectName folder) throws IOException {
        try {
            return FolderListing.objects(root, folder);
        } catch (IOException e) {
            throw Failures.of("list", folder, description(), e);
        }
    }

    @Override
    public List<String> folders(ObjectName folder) throws IOException {
        try {
            return FolderListing.folders(root, folder);
        } catch (IOException e) {
            throw Failures.of("list", folder, description(), e);
        }
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        if (size(name).isEmpty()) {
            throw new NoSuchObjectException(name, description());
        }
        try {
            Path folder = folderOf(path(name));
            folders.ensure(folder);
            sync.folder(folder);
        } catch (IOException e) {
            throw Failures.of("synchronise", name, description(), e);
        }
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        Path path = path(name);
        try {
            files.forget(path);
            if (Files.deleteIfExists(path)) {
                sync.folder(folderOf(path));
            }
        } catch (IOException e) {
            throw Failures.of("delete", name, description(), e);
        }
    }

    @Override
    public void removeLeftovers(Duration olderThan) throws IOException {
        Path folder = root.resolve(TEMPORARY);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Instant limit = Instant.now().minus(olderThan);
        try (var leftovers = Files.newDirectoryStream(folder)) {
            for (Path leftover : leftovers) {
                removeIfOlder(leftover, limit);
            }
        }
    }

    private static void removeIfOlder(Path leftover, Instant limit) throws IOException {
        try {
            if (Files.getLastModifiedTime(leftover).toInstant().isBefore(limit)) {
                Files.deleteIfExists(leftover);
            }
        } catch (NoSuchFileException e) {
            // Its writer finished meanwhile.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
