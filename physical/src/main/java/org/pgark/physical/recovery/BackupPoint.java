package org.pgark.physical.recovery;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;

/**
 * What planning needs to know of one backup.
 *
 * @param id the backup's id
 * @param start where recovery from it begins to read WAL
 * @param startTimeline the timeline of that position
 * @param stop where the restored files are consistent
 * @param stopTimeline the timeline of that position
 * @param stopTime all transactions that had ended by then are in the backup, unless they are in none
 * @param lastRecord where the record begins that ends at the stop, where nothing need follow; empty for a backup of a
 *     primary, behind whose stop there is a record
 * @param carriedFrom the first segment that the backup has itself, up to its stop; empty if it has none
 */
public record BackupPoint(
        String id,
        Lsn start,
        Timeline startTimeline,
        Lsn stop,
        Timeline stopTimeline,
        Instant stopTime,
        Optional<Lsn> lastRecord,
        Optional<WalSegmentName> carriedFrom) {
    public BackupPoint {
        Objects.requireNonNull(stopTime, "stopTime is null");
        if (stop.isBefore(start)) {
            throw new IllegalArgumentException(
                    "backup \"" + id + "\" stops at " + stop + ", which is before its start " + start);
        }
    }

    /** That of a backup all of whose WAL is in the archive. */
    public BackupPoint(
            String id, Lsn start, Timeline startTimeline, Lsn stop, Timeline stopTimeline, Instant stopTime) {
        this(id, start, startTimeline, stop, stopTimeline, stopTime, Optional.empty(), Optional.empty());
    }

    /** Whether the backup has this segment itself, as far as it goes before the stop. */
    boolean carries(WalSegmentName segment) {
        return carriedFrom.isPresent()
                && segment.timeline().equals(stopTimeline)
                && segment.compareTo(carriedFrom.get()) >= 0;
    }

    /** What planning needs of a backup that the log has. */
    public static BackupPoint of(BackupRecord backup) {
        BackupRecord.WalSpan wal = backup.wal();
        return new BackupPoint(
                backup.id().toString(),
                wal.redoLsn(),
                wal.startTimeline(),
                wal.stopLsn(),
                wal.stopTimeline(),
                wal.lastCommit().orElse(backup.stopTime()),
                wal.standby().map(BackupRecord.StandbyEnd::lastRecord),
                wal.carriedFrom());
    }
}
