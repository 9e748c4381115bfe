package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.pgark.physical.walreceiver.ReceivedSegment;
import org.pgark.physical.walreceiver.ReceiverDirectory;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.WalArchive;
import org.pgark.storage.NoSuchObjectException;

/** Merges the archive with what a receiver of WAL has: its directory on this host, and what it saved while a segment grew. */
final class RunningWal {
    private static final int ATTEMPTS = 3;

    private RunningWal() {}

    /**
     * Writes a segment to {@code target}: the archived one, else the longest that there is.
     *
     * @return its size in bytes
     * @throws NoSuchObjectException if it is proven that nothing of it is anywhere
     */
    static long get(ArchiveAccess.Use use, WalSegmentName segment, Path target) throws IOException {
        WalArchive archive = use.repository().walArchive();
        WalFileName name = new WalFileName.Segment(segment);
        for (int attempt = 1; ; attempt++) {
            try {
                return archive.get(name, target);
            } catch (NoSuchObjectException e) {
                byte[] found = longest(use, archive, segment);
                // Pieces go when the whole segment is there, files likewise: then it is asked for again.
                if (attempt < ATTEMPTS && archive.contains(segment)) {
                    continue;
                }
                if (found.length < WalSegmentHeader.BYTES) {
                    throw e;
                }
                int size = use.incarnation().segmentSize().bytes();
                Files.write(target, Arrays.copyOf(found, size));
                return size;
            }
        }
    }

    private static byte[] longest(ArchiveAccess.Use use, WalArchive archive, WalSegmentName segment)
            throws IOException {
        Optional<ReceiverDirectory> directory = use.received();
        Optional<ReceivedSegment> received = directory.flatMap(files -> files.find(segment));
        byte[] file = new byte[0];
        if (received.isPresent()) {
            try {
                int length = ReceiverDirectory.received(received.get());
                file = Arrays.copyOf(Files.readAllBytes(received.get().file()), length);
            } catch (NoSuchFileException e) {
                // It has been completed or archived meanwhile.
                return directory.orElseThrow().find(segment).isPresent() ? longest(use, archive, segment) : file;
            }
        }
        byte[] saved = archive.running().content(segment);
        return saved.length > file.length ? saved : file;
    }
}
