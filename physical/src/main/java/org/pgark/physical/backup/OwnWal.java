package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.ArchivedContent;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalDigest;

/**
 * Tells whether the archive's segment is this server's own: after a failover that left two primaries, both write other
 * content under the same name. That the server marks a segment as archived says only that some archive_command succeeded
 * at some time, so its content is compared as long as the server keeps it.
 */
final class OwnWal {
    private final WalArchive archive;
    private final Path wal;

    OwnWal(WalArchive archive, Path dataDirectory) {
        this.archive = archive;
        this.wal = dataDirectory.resolve("pg_wal");
    }

    /** Whether the archive has the segment, which the server has finished. */
    boolean isArchived(WalSegmentName segment) throws IOException, FailedException {
        return isArchived(segment, Long.MAX_VALUE);
    }

    /**
     * Whether the archive has the segment.
     *
     * @param bytes how much of it the server has written for good; what its file has behind that does not count
     */
    boolean isArchived(WalSegmentName segment, long bytes) throws IOException, FailedException {
        if (!archive.contains(segment)) {
            return false;
        }
        Path file = wal.resolve(segment.toString());
        if (Files.notExists(file)) {
            return true;
        }
        String content = bytes < Files.size(file) ? archivedBeginning(segment, bytes) : archivedWhole(segment);
        // A segment that was archived while it was read may have been overwritten too, but then it has lost its name.
        if (content.isEmpty() || content.equalsIgnoreCase(own(file, bytes)) || Files.notExists(file)) {
            return !content.isEmpty();
        }
        throw new FailedException(
                "wal_content_differs",
                "WAL segment " + segment + " in the archive has other content than the server's \"" + file + "\"",
                "Another server with the same system identifier archives to this cluster. Stop the one that is not the"
                        + " primary, and take the backup on the other's own timeline.");
    }

    private String archivedWhole(WalSegmentName segment) throws IOException {
        return archive.content(new WalFileName.Segment(segment))
                .map(ArchivedContent::sha256)
                .orElse("");
    }

    private String archivedBeginning(WalSegmentName segment, long bytes) throws IOException {
        try (InputStream input = archive.open(new WalFileName.Segment(segment))) {
            return WalDigest.of(input, bytes);
        }
    }

    private static String own(Path file, long bytes) throws IOException, FailedException {
        try (InputStream input = Files.newInputStream(file)) {
            return WalDigest.of(input, bytes);
        } catch (NoSuchFileException e) {
            return "";
        } catch (AccessDeniedException e) {
            throw UnreadableFile.failure(file.toString(), e);
        }
    }
}
