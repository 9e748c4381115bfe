package org.pgark.physical.basebackup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
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

/** Makes a finished backup durable: file by file and directory by directory, or whole file systems at once. */
final class DurableTree {
    private DurableTree() {}

    /** All below a directory; of a data directory also the WAL and the tablespaces that links lead to. */
    static void sync(Path directory, SyncMethod method) throws IOException {
        Optional<FileSystemSync> whole = method == SyncMethod.SYNCFS ? FileSystemSync.available() : Optional.empty();
        sync(directory, whole.isPresent() ? whole.get()::sync : DurableTree::syncBelow);
    }

    private interface Sync {
        void below(Path directory) throws IOException;
    }

    private static void sync(Path directory, Sync sync) throws IOException {
        sync.below(directory);
        Path wal = directory.resolve("pg_wal");
        if (Files.isSymbolicLink(wal)) {
            sync.below(wal.toRealPath());
        }
        Path tablespaces = directory.resolve("pg_tblspc");
        if (Files.isDirectory(tablespaces)) {
            try (DirectoryStream<Path> links = Files.newDirectoryStream(tablespaces)) {
                for (Path link : links) {
                    if (Files.isSymbolicLink(link)) {
                        sync.below(link.toRealPath());
                    }
                }
            }
        }
    }

    private static void syncBelow(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    syncOne(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                syncOne(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void syncOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
