package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.WalArchive;

/** Looks at what a restore would write over. */
final class OverwrittenCluster {
    private static final String READY = ".ready";

    private OverwrittenCluster() {}

    /** The size of all files in a directory; 0 if it is not there. */
    static long size(Path directory) throws IOException {
        long[] sum = {0};
        if (Files.isDirectory(directory)) {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        }
        return sum[0];
    }

    /** The WAL segments that the cluster in a directory has not archived, ascending. */
    static List<String> unarchivedSegments(Path dataDirectory, WalArchive archive) throws IOException {
        List<String> segments = new ArrayList<>();
        Path status = dataDirectory.resolve("pg_wal/archive_status");
        if (Files.isDirectory(status)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(status, "*" + READY)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    String segment = name.substring(0, name.length() - READY.length());
                    if (org.pgark.postgres.wal.WalSegmentName.isName(segment)
                            && !archive.contains(WalFileName.parse(segment))) {
                        segments.add(segment);
                    }
                }
            }
        }
        return segments.stream().sorted().toList();
    }
}
