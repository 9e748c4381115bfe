package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.systemcall.FileSystemSync;
import org.pgark.physical.systemcall.SyncMethod;

/** Makes all files and folders of a tree durable, one by one or the whole file system at once. */
final class TreeSync {
    private TreeSync() {}

    static void sync(Path root, SyncMethod method) throws IOException {
        Optional<FileSystemSync> whole = method == SyncMethod.SYNCFS ? FileSystemSync.available() : Optional.empty();
        if (whole.isPresent()) {
            whole.get().sync(root);
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    force(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                force(folder);
                return FileVisitResult.CONTINUE;
            }
        });
        Path parent = root.toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw StoredBackupException.of("could not fsync file", file, e);
        }
    }
}
