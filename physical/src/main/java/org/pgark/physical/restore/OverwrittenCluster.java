package org.pgark.physical.restore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;

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

    /**
     * The WAL segments that the cluster in a directory has not archived, ascending: those that wait for it, and those of
     * {@code source} that are newer than what it has, the one in which the cluster stopped being the last.
     */
    static List<String> unarchivedSegments(Path dataDirectory, ClusterRepository source) throws IOException {
        Set<String> segments = new TreeSet<>();
        waiting(dataDirectory, source, segments);
        Path wal = dataDirectory.resolve("pg_wal");
        if (Files.isDirectory(wal)) {
            RepositoryWal archive = new RepositoryWal(source);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(wal)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (WalSegmentName.isName(name)
                            && isNew(WalSegmentName.parse(name), archive)
                            && isOf(entry, source)) {
                        segments.add(name);
                    }
                }
            }
        }
        return List.copyOf(segments);
    }

    private static boolean isNew(WalSegmentName segment, RepositoryWal archive) throws IOException {
        return archive.segmentNumbers(segment.timeline())
                .tailSet(segment.number(archive.segmentSize()), true)
                .isEmpty();
    }

    /** Whether a file is what its name says, and not an old segment that was renamed to be written anew. */
    private static boolean isOf(Path file, ClusterRepository source) throws IOException {
        WalSegmentName name = WalSegmentName.parse(file.getFileName().toString());
        Incarnation incarnation = source.incarnation();
        try (InputStream content = Files.newInputStream(file)) {
            WalSegmentHeader.read(name, content.readNBytes(WalSegmentHeader.BYTES))
                    .check(
                            name,
                            Files.size(file),
                            incarnation.systemIdentifier(),
                            incarnation.major(),
                            incarnation.segmentSize());
            return true;
        } catch (WalSegmentMismatchException e) {
            return false;
        }
    }

    private static void waiting(Path dataDirectory, ClusterRepository source, Set<String> segments) throws IOException {
        Path status = dataDirectory.resolve("pg_wal/archive_status");
        if (Files.isDirectory(status)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(status, "*" + READY)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    String segment = name.substring(0, name.length() - READY.length());
                    if (WalSegmentName.isName(segment) && !source.walArchive().contains(WalFileName.parse(segment))) {
                        segments.add(segment);
                    }
                }
            }
        }
    }
}
