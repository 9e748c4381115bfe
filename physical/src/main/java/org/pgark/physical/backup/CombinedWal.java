package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.HistoryArchiving;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.wal.TransactionFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.pack.PackWriter;

/**
 * The WAL of a backup that lies in a folder: what the archive has is used, and must be the folder's own; what it lacks comes
 * along from the folder's pg_wal, as far as the backup needs it. The folder's last segment must not be archived, since
 * the server wrote on after the backup's end, and pg_basebackup did not wait for that.
 */
final class CombinedWal {
    private static final int BUFFER_BYTES = 1 << 18;

    private final WalArchive archive;
    private final Path directory;
    private final BackupLabel label;
    private final ControlFile control;
    private final BackupRecord.WalSpan wal;

    /** @param directory the backup */
    CombinedWal(WalArchive archive, Path directory, BackupLabel label, ControlFile control, BackupRecord.WalSpan wal) {
        this.archive = archive;
        this.directory = directory;
        this.label = label;
        this.control = control;
        this.wal = wal;
    }

    /**
     * Makes sure that all WAL is in one of both places, and is that of the backup.
     *
     * @return all transactions that had ended by then are in the backup, and none before its end ended later
     * @throws FailedException if some is missing, or is another server's
     */
    Instant require() throws IOException, FailedException {
        OwnWal own = new OwnWal(archive, directory);
        boolean carries = false;
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            long needed =
                    segment.equals(wal.last()) ? wal.stopLsn().minus(segment.start(wal.segmentSize())) : Long.MAX_VALUE;
            boolean there = Files.exists(file(segment));
            carries |= !own.isArchived(segment, needed);
            if (carries && !there) {
                throw missing(segment.toString());
            }
        }
        requireHistory();
        Optional<Instant> last =
                label.fromStandby() ? lastTransaction() : endRecord().require(wal, label.checkpoint());
        // What a standby's clock says is not what it had replayed by then.
        Instant known = label.fromStandby() ? control.checkpointTime() : control.modified();
        return Stream.of(Optional.of(known), last)
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private EndRecord endRecord() {
        return Files.exists(file(wal.last()))
                ? new EndRecord(
                        this::open,
                        "\"" + directory.resolve("pg_wal") + "\"",
                        "It is damaged, or not that with which the backup was taken.")
                : new EndRecord(archive);
    }

    private void requireHistory() throws IOException, FailedException {
        if (wal.stopTimeline().equals(Timeline.FIRST)) {
            return;
        }
        String name = wal.stopTimeline().historyFileName();
        Path file = directory.resolve("pg_wal").resolve(name);
        Optional<String> archived = archive.history(wal.stopTimeline());
        if (!Files.exists(file)) {
            if (archived.isEmpty()) {
                throw missing(name);
            }
        } else if (archived.isPresent() && !archived.get().equals(Files.readString(file))) {
            throw new FailedException(
                    "wal_content_differs",
                    "\"" + name + "\" in the archive has other content than \"" + file + "\"",
                    "The backup is of another server that opened the same timeline.");
        }
    }

    private FailedException missing(String name) {
        return new FailedException(
                "wal_not_archived",
                "\"" + name + "\", which the backup needs, is neither in the repository's archive nor in \""
                        + directory.resolve("pg_wal") + "\"",
                "Archive it from where it still is, or put it into that folder. pg_basebackup brings it along unless it"
                        + " is told --wal-method=none.");
    }

    private Path file(WalSegmentName segment) {
        return directory.resolve("pg_wal").resolve(segment.toString());
    }

    private InputStream open(WalSegmentName segment) throws IOException {
        return Files.exists(file(segment))
                ? Files.newInputStream(file(segment))
                : archive.open(new WalFileName.Segment(segment));
    }

    private Optional<Instant> lastTransaction() throws IOException {
        Optional<Instant> last = Optional.empty();
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            long needed = segment.equals(wal.last())
                    ? wal.stopLsn().minus(segment.start(wal.segmentSize()))
                    : wal.segmentSize().bytes();
            TransactionFacts facts = transactions(segment, needed);
            if (!facts.isEmpty() && last.filter(facts.latest()::isBefore).isEmpty()) {
                last = Optional.of(facts.latest());
            }
        }
        return last;
    }

    private TransactionFacts transactions(WalSegmentName segment, long needed) throws IOException {
        WalFactsCollector facts = new WalFactsCollector(segment);
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = needed;
        try (InputStream input = open(segment)) {
            while (left > 0) {
                int count = input.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new IOException("WAL segment " + segment + " is shorter than " + needed + " bytes");
                }
                facts.feed(ByteBuffer.wrap(buffer, 0, count).slice());
                left -= count;
            }
        }
        byte[] zeros = new byte[BUFFER_BYTES];
        for (long rest = wal.segmentSize().bytes() - needed; rest > 0; rest -= zeros.length) {
            facts.feed(ByteBuffer.wrap(zeros, 0, (int) Math.min(rest, zeros.length))
                    .slice());
        }
        return facts.finish().transactions();
    }

    /** Whether some of it has to come along. */
    boolean isToBeCarried() throws IOException {
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            if (!archive.contains(segment)) {
                return true;
            }
        }
        return false;
    }

    /** Archives the history of the backup's timeline if only that is not in the archive. */
    void archiveHistory() throws OperationException {
        HistoryArchiving.ensure(archive, wal.stopTimeline(), directory);
    }

    /**
     * Stores what the archive lacks.
     *
     * @param lastCommit what {@link #require} has told
     * @return the WAL that the backup needs, and what of it was stored
     */
    BackupRecord.WalSpan store(PackWriter packs, Instant lastCommit, CarriedWal.Target target)
            throws IOException, FailedException {
        CarriedWal.Carried carried = new CarriedWal(archive, directory, packs).store(wal, target);
        return NeededWal.ofStandby(wal, carried, Optional.of(lastCommit), control.checkpointTime());
    }
}
