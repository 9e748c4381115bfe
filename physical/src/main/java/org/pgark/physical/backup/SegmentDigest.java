package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.ArchivedContent;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalDigest;

/** Tells whether a WAL segment that streams by is the archive's, without keeping it. */
final class SegmentDigest {
    private final MessageDigest digest = WalDigest.create();

    /** Takes the next bytes. */
    void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /**
     * Compares what was taken with what the archive has.
     *
     * @param bytes how many of the segment's first bytes were taken
     */
    void requireSame(WalArchive archive, WalSegmentName segment, long bytes, WalSegmentSize size)
            throws IOException, FailedException {
        String own = HexFormat.of().formatHex(digest.digest());
        WalFileName.Segment name = new WalFileName.Segment(segment);
        String archived = bytes == size.bytes()
                ? archive.content(name).map(ArchivedContent::sha256).orElse("")
                : beginning(archive, name, bytes);
        if (!own.equalsIgnoreCase(archived)) {
            throw new FailedException(
                    "wal_content_differs",
                    "WAL segment " + segment + " in the archive has other content than the server's",
                    "Another server with the same system identifier archives to this cluster. Stop the one that is not"
                            + " the primary, and take the backup on the other's own timeline.");
        }
    }

    private static String beginning(WalArchive archive, WalFileName.Segment name, long bytes) throws IOException {
        try (InputStream input = archive.open(name)) {
            return WalDigest.of(input, bytes);
        }
    }
}
