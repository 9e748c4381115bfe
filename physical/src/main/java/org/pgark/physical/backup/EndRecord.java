package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.ResourceManager;
import org.pgark.postgres.wal.TransactionFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.archive.WalArchive;

/**
 * Tells whether the archive's WAL is that of the server a backup was taken of, which nobody but that server could have
 * written: it has the checkpoint that the backup begins with, and at its end the record that the server ended the backup
 * with, which names its start. Between them every record names the one before; of very much WAL only both ends are read.
 */
final class EndRecord {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int KIND = 0xF0;
    private static final int SHUTDOWN_CHECKPOINT = 0x00;
    private static final int ONLINE_CHECKPOINT = 0x10;
    private static final int BACKUP_END = 0x50;
    private static final long MOST_READ = 1L << 30;

    private final Segments segments;
    private final String place;
    private final String hint;

    /** Opens the segments that are looked at. */
    @FunctionalInterface
    interface Segments {
        InputStream open(WalSegmentName segment) throws IOException;
    }

    EndRecord(WalArchive archive) {
        this(
                segment -> archive.open(new WalFileName.Segment(segment)),
                "the archive",
                "Another server with the same system identifier archives to this cluster. Stop the one that is not the"
                        + " primary, and take the backup on the other's own timeline.");
    }

    /**
     * @param place where the segments are, in words
     * @param hint what to do if they are not the backup's
     */
    EndRecord(Segments segments, String place, String hint) {
        this.segments = segments;
        this.place = place;
        this.hint = hint;
    }

    /**
     * All segments being in the archive.
     *
     * @param checkpoint where the record of the backup's checkpoint is
     * @return when the last transaction ended of those in what was read; empty if there is none
     */
    Optional<Instant> require(BackupRecord.WalSpan wal, Lsn checkpoint) throws IOException, FailedException {
        if (wal.stopLsn().minus(wal.redoLsn()) <= MOST_READ) {
            Walk walk = new Walk(wal, checkpoint);
            walk.read(wal.first(), wal.last());
            if (!walk.checkpointFound) {
                throw noCheckpoint(wal, checkpoint, walk);
            }
            if (!walk.endFound) {
                throw noEnd(wal, walk);
            }
            return walk.lastEnd;
        }
        WalSegmentName begin = WalSegmentName.containing(wal.startTimeline(), checkpoint, wal.segmentSize());
        Walk first = new Walk(wal, checkpoint);
        first.read(begin, begin);
        if (!first.checkpointFound) {
            // The record may end in the segment after.
            first = new Walk(wal, checkpoint);
            first.read(begin, begin.next(wal.segmentSize()));
        }
        if (!first.checkpointFound) {
            throw noCheckpoint(wal, checkpoint, first);
        }
        Walk last = new Walk(wal, checkpoint);
        // The record may begin in the segment before.
        last.read(
                WalSegmentName.ofNumber(
                        wal.last().timeline(), wal.last().number(wal.segmentSize()) - 1, wal.segmentSize()),
                wal.last());
        if (!last.endFound) {
            throw noEnd(wal, last);
        }
        return last.lastEnd;
    }

    private FailedException noCheckpoint(BackupRecord.WalSpan wal, Lsn checkpoint, Walk walk) {
        return differs(
                "the WAL in " + place + " does not have the checkpoint at " + checkpoint
                        + " that the backup begins with, in segment "
                        + WalSegmentName.containing(wal.startTimeline(), checkpoint, wal.segmentSize()),
                walk);
    }

    private FailedException noEnd(BackupRecord.WalSpan wal, Walk walk) {
        return differs(
                "WAL segment " + wal.last() + " in " + place + " does not have the record at " + wal.stopLsn()
                        + " with which the server ended the backup, behind the WAL before",
                walk);
    }

    private FailedException differs(String what, Walk walk) {
        return new FailedException(
                "wal_content_differs",
                what + walk.broken.map(reason -> ": " + reason).orElse(""),
                hint);
    }

    /** Records of segments that follow one another. */
    private final class Walk {
        private final BackupRecord.WalSpan wal;
        private final Lsn checkpoint;
        private boolean checkpointFound;
        private boolean endFound;
        private Optional<Instant> lastEnd = Optional.empty();
        private Optional<String> broken = Optional.empty();

        Walk(BackupRecord.WalSpan wal, Lsn checkpoint) {
            this.wal = wal;
            this.checkpoint = checkpoint;
        }

        void read(WalSegmentName begin, WalSegmentName end) throws IOException {
            WalReader reader = new WalReader(begin.start(wal.segmentSize()));
            byte[] buffer = new byte[BUFFER_BYTES];
            for (WalSegmentName segment = begin;
                    segment.compareTo(end) <= 0;
                    segment = segment.next(wal.segmentSize())) {
                WalFactsCollector facts = new WalFactsCollector(segment);
                try (InputStream input = segments.open(segment)) {
                    for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                        facts.feed(ByteBuffer.wrap(buffer, 0, count).slice());
                        reader.feed(ByteBuffer.wrap(buffer, 0, count).slice());
                        while (reader.next()) {
                            take(reader.record());
                        }
                    }
                }
                TransactionFacts transactions = facts.finish().transactions();
                if (!transactions.isEmpty()) {
                    Instant latest = transactions.latest();
                    lastEnd = lastEnd.filter(known -> known.isAfter(latest)).or(() -> Optional.of(latest));
                }
                if (reader.hasEnded() && !endFound) {
                    broken = Optional.of(
                            "in segment " + segment + " " + reader.end().describe());
                    return;
                }
            }
        }

        private void take(WalRecord record) {
            if (record.resourceManager() != ResourceManager.XLOG) {
                return;
            }
            int kind = record.info() & KIND;
            checkpointFound |=
                    record.start().equals(checkpoint) && (kind == SHUTDOWN_CHECKPOINT || kind == ONLINE_CHECKPOINT);
            endFound |= kind == BACKUP_END
                    && record.start().isBefore(wal.stopLsn())
                    && !record.end().isBefore(wal.stopLsn())
                    && record.mainDataBytes() == Long.BYTES
                    && new Lsn(record.mainDataLong(0)).equals(wal.startLsn());
        }
    }
}
