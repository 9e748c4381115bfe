package org.pgark.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the folders of a local store, and makes sure that a folder is durable before a file in it is called durable:
 * one that is found may have been made a moment ago by a process that died. For several threads.
 */
final class DurableFolders {
    private static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

    private final Path root;
    private final FileSync sync;
    private final StoreOwner owner;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    DurableFolders(Path root, FileSync sync, StoreOwner owner) {
        this.owner = owner;
        this.root = root;
        this.sync = sync;
    }

    /** Sees to it that a folder at or under the root exists and survives a loss of power. */
    void ensure(Path folder) throws IOException {
        if (durable.contains(folder)) {
            return;
        }
        if (folder.equals(root)) {
            createWithParents(folder);
        } else {
            ensure(parent(folder));
            create(folder);
            sync.folder(parent(folder));
        }
        durable.add(folder);
    }

    private void createWithParents(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        createWithParents(parent(folder));
        create(folder);
        sync.folder(parent(folder));
    }

    private void create(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, MODE);
            owner.handOver(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw new NotDirectoryException(folder.toString());
            }
        }
    }

    private static Path parent(Path folder) {
        Path parent = folder.getParent();
        return parent == null ? folder : parent;
    }
}
