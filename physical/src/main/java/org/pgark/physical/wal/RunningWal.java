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
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.WalArchive;
import org.pgark.storage.NoSuchObjectException;

/** Merges the archive with what a receiver of WAL has: its directory on this host, and what it saved while a segment grew. */
final class RunningWal {
    private static final int ATTEMPTS = 3;

    private RunningWal() {}

    /** What there is of a segment; all of it, or what may become more. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Found(byte[] bytes, boolean complete) {}

    /**
     * Writes a segment to {@code target}: the archived one, else the longest that there is.
     *
     * @throws NoSuchObjectException if it is proven that nothing of it is anywhere, and also if there is only a part of it and
     *     the archive has the segment after it, which would never be looked for then
     */
    static FetchedWal get(ArchiveAccess.Use use, WalSegmentName segment, Path target) throws IOException {
        WalArchive archive = use.repository().walArchive();
        WalFileName name = new WalFileName.Segment(segment);
        WalSegmentSize size = use.incarnation().segmentSize();
        for (int attempt = 1; ; attempt++) {
            try {
                return new FetchedWal(archive.get(name, target), false);
            } catch (NoSuchObjectException e) {
                Found found = longest(use, archive, segment);
                boolean before = !found.complete() && archive.contains(segment.next(size));
                // Pieces go when the whole segment is there, files likewise: then it is asked for again.
                if (attempt < ATTEMPTS && archive.contains(segment)) {
                    continue;
                }
                if (before || found.bytes().length < WalSegmentHeader.BYTES) {
                    throw e;
                }
                Files.write(target, Arrays.copyOf(found.bytes(), size.bytes()));
                return new FetchedWal(size.bytes(), !found.complete());
            }
        }
    }

    private static Found longest(ArchiveAccess.Use use, WalArchive archive, WalSegmentName segment) throws IOException {
        Optional<ReceiverDirectory> directory = use.received();
        Optional<ReceivedSegment> received = directory.flatMap(files -> files.find(segment));
        byte[] file = new byte[0];
        if (received.isPresent()) {
            try {
                int length = ReceiverDirectory.received(received.get());
                file = Arrays.copyOf(Files.readAllBytes(received.get().file()), length);
            } catch (NoSuchFileException e) {
                // It has been completed or archived meanwhile.
                return directory.orElseThrow().find(segment).isPresent()
                        ? longest(use, archive, segment)
                        : new Found(file, false);
            }
        }
        if (received.isPresent() && received.get().complete()) {
            return new Found(file, true);
        }
        byte[] saved = archive.running().content(segment);
        return saved.length > file.length
                ? new Found(
                        saved, saved.length >= use.incarnation().segmentSize().bytes())
                : new Found(file, false);
    }
}
