package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.ResourceManager;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.archive.WalArchive;

/**
 * Tells whether the archive's WAL is that of the server a backup was taken of, which nobody but that server could have
 * written: at its end stands the record that the server ended the backup with, which names its start.
 */
final class EndRecord {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int BACKUP_END = 0x50;

    private final WalArchive archive;

    EndRecord(WalArchive archive) {
        this.archive = archive;
    }

    /** All segments being in the archive. */
    void require(BackupRecord.WalSpan wal) throws IOException, FailedException {
        WalSegmentName last = wal.last();
        // The record may begin in the segment before.
        if (isRecordIn(last, wal)
                || (last.compareTo(wal.first()) > 0
                        && isRecordIn(
                                WalSegmentName.ofNumber(
                                        last.timeline(), last.number(wal.segmentSize()) - 1, wal.segmentSize()),
                                wal))) {
            return;
        }
        throw new FailedException(
                "wal_content_differs",
                "WAL segment " + wal.last() + " in the archive does not have the record at " + wal.stopLsn()
                        + " with which the server ended the backup",
                "Another server with the same system identifier archives to this cluster. Stop the one that is not the"
                        + " primary, and take the backup on the other's own timeline.");
    }

    private boolean isRecordIn(WalSegmentName begin, BackupRecord.WalSpan wal) throws IOException {
        WalReader reader = new WalReader(begin.start(wal.segmentSize()));
        byte[] buffer = new byte[BUFFER_BYTES];
        for (WalSegmentName segment = begin;
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            try (InputStream input = archive.open(new WalFileName.Segment(segment))) {
                for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                    reader.feed(ByteBuffer.wrap(buffer, 0, count).slice());
                    while (reader.next()) {
                        if (isIt(reader.record(), wal)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static boolean isIt(WalRecord record, BackupRecord.WalSpan wal) {
        return record.resourceManager() == ResourceManager.XLOG
                && (record.info() & 0xF0) == BACKUP_END
                && record.start().isBefore(wal.stopLsn())
                && !record.end().isBefore(wal.stopLsn())
                && record.mainDataBytes() == Long.BYTES
                && new Lsn(record.mainDataLong(0)).equals(wal.startLsn());
    }
}
