package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Files of a local store that hold room for the day on which its file system is full: whoever makes the store smaller has to
 * write something first. An object is written over such a file, in place, so that nobody who waits for room gets it before.
 * Where the file system never writes in place, as btrfs and ZFS do, this may not help.
 */
final class LocalReserve {
    private static final String FOLDER = "reserve";
    private static final int PIECES = 8;
    private static final int PIECE_LENGTH = 512 << 10;

    /** A file system with less than this counts as full, since others are about to fill it. */
    private static final long FULL = 4L << 20;

    private final Path root;
    private final Path folder;
    private final FileSync sync;
    private final StoreOwner owner;
    private final DurableFolders folders;
    private volatile boolean open;

    LocalReserve(Path root, FileSync sync, StoreOwner owner, DurableFolders folders) {
        this.root = root;
        this.folder = root.resolve(FOLDER);
        this.sync = sync;
        this.owner = owner;
        this.folders = folders;
    }

    /** Whether a name is the reserve's own. */
    static boolean owns(ObjectName name) {
        return name.value().equals(FOLDER) || name.value().startsWith(FOLDER + "/");
    }

    void open() {
        open = true;
    }

    /** Whether the reserve is open and needed; where it is not known how much is free, it is. */
    private boolean isNeeded() {
        return open && free() < FULL;
    }

    private long free() {
        return root.toFile().getUsableSpace();
    }

    /** Gives one piece another name; empty if none is needed or left. */
    Optional<FileChannel> take(Path as) throws IOException {
        if (!isNeeded()) {
            return Optional.empty();
        }
        Optional<FileChannel> taken = Optional.empty();
        for (int piece = 0; taken.isEmpty() && piece < PIECES; piece++) {
            taken = take(folder.resolve(Integer.toString(piece)), as);
        }
        return taken;
    }

    private static Optional<FileChannel> take(Path piece, Path as) throws IOException {
        try {
            // It is as new as what will stand in it, so that nobody takes it for a leftover.
            Files.setLastModifiedTime(piece, FileTime.from(Instant.now()));
            Files.move(piece, as);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (isOnly(as)) {
            try {
                return Optional.of(FileChannel.open(as, StandardOpenOption.WRITE));
            } catch (AccessDeniedException e) {
                Files.deleteIfExists(as);
                return Optional.empty();
            }
        }
        Files.deleteIfExists(as);
        return Optional.empty();
    }

    /** Whether a file has no other name, under which what is written here would appear, too: in a copy made of links. */
    private static boolean isOnly(Path file) throws IOException {
        try {
            return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links == 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Gives one piece back to the file system, which makes room for a folder; whether there was one. */
    boolean giveUpOne() throws IOException {
        for (int piece = 0; isNeeded() && piece < PIECES; piece++) {
            if (Files.deleteIfExists(folder.resolve(Integer.toString(piece)))) {
                return true;
            }
        }
        return false;
    }

    /** Takes back a piece that was never offered under another name than its temporary one. */
    void giveBack(Path taken) throws IOException {
        try (FileChannel channel = FileChannel.open(taken, StandardOpenOption.WRITE)) {
            channel.truncate(PIECE_LENGTH);
            if (channel.size() == PIECE_LENGTH) {
                for (int piece = 0; piece < PIECES; piece++) {
                    Path free = folder.resolve(Integer.toString(piece));
                    if (!Files.exists(free, LinkOption.NOFOLLOW_LINKS)) {
                        Files.move(taken, free);
                        return;
                    }
                }
            }
        }
        Files.deleteIfExists(taken);
    }

    /** Closes the reserve, and fills it up as long as the file system is far from full; what fails is not in it. */
    void keep(Path temporary) {
        open = false;
        try {
            folders.ensure(root);
            boolean made = false;
            for (int piece = 0; piece < PIECES && free() >= FULL + PIECE_LENGTH; piece++) {
                Path file = folder.resolve(Integer.toString(piece));
                if (!isWhole(file)) {
                    folders.ensure(folder);
                    folders.ensure(temporary);
                    write(temporary.resolve(UUID.randomUUID().toString()), file);
                    made = true;
                }
            }
            if (made) {
                sync.folder(folder);
            }
        } catch (IOException e) {
            // A reserve is a help, not a condition.
            return;
        }
    }

    private static boolean isWhole(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == PIECE_LENGTH;
    }

    /** Fills a piece before it can be taken. */
    private void write(Path made, Path file) throws IOException {
        // Zeros might be kept as a hole, which holds no room.
        byte[] content = new byte[PIECE_LENGTH];
        Arrays.fill(content, (byte) 'r');
        try (FileChannel channel = FileChannel.open(
                made, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), LocalDirectoryStore.MODE)) {
            ByteBuffer source = ByteBuffer.wrap(content);
            while (source.hasRemaining()) {
                channel.write(source);
            }
            sync.file(made, channel);
            owner.handOver(made);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }
}
