package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.manifest.WalRange;
import org.pgark.postgres.wal.WalCursor;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.postgres.wal.dump.SegmentFolder;
import org.pgark.postgres.wal.dump.WalFileException;

/** Whether the WAL that a backup needs is all there and valid. */
final class WalRangeCheck {
    private WalRangeCheck() {}

    /** What is wrong, in pg_waldump's words; empty if nothing. */
    static String problem(Path directory, WalRange range) throws IOException {
        try {
            for (Path folder : List.of(directory, directory.resolve("pg_wal"))) {
                Optional<WalSegmentSize> size = SegmentFolder.segmentSize(folder, Optional.empty());
                if (size.isPresent()) {
                    return problem(folder, range, size.get());
                }
            }
            return "could not find any WAL file";
        } catch (WalFileException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String problem(Path folder, WalRange range, WalSegmentSize size) throws IOException {
        Timeline timeline = new Timeline(range.timeline());
        try (SegmentFolder source = new SegmentFolder(folder, timeline, size, Optional.of(range.end()), false)) {
            WalCursor cursor = new WalCursor(source, size);
            if (cursor.find(range.start()).isEmpty()) {
                return "could not find a valid record after " + range.start();
            }
            while (cursor.next()) {
                if (!cursor.record().start().isBefore(range.end())) {
                    break;
                }
            }
            return cursor.message().isEmpty()
                    ? ""
                    : "error in WAL record at " + cursor.position() + ": " + cursor.message();
        }
    }
}
