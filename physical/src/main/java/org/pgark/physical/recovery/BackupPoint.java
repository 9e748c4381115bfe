package org.pgark.physical.recovery;

import java.time.Instant;
import java.util.Objects;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.repository.BackupRecord;

/**
 * What planning needs to know of one backup.
 *
 * @param id the backup's id
 * @param start where recovery from it begins to read WAL
 * @param startTimeline the timeline of that position
 * @param stop where the restored files are consistent
 * @param stopTimeline the timeline of that position
 * @param stopTime when the backup ended, by the server's clock
 */
public record BackupPoint(
        String id, Lsn start, Timeline startTimeline, Lsn stop, Timeline stopTimeline, Instant stopTime) {
    public BackupPoint {
        Objects.requireNonNull(stopTime, "stopTime is null");
        if (stop.isBefore(start)) {
            throw new IllegalArgumentException(
                    "backup \"" + id + "\" stops at " + stop + ", which is before its start " + start);
        }
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
                backup.stopTime());
    }
}
