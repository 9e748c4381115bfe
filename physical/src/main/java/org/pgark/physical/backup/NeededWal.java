package org.pgark.physical.backup;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.BackupRecord;

/** Which WAL makes a backup consistent. */
final class NeededWal {
    private NeededWal() {}

    /**
     * From the start to the stop.
     *
     * @throws FailedException if the two are on different timelines
     */
    static BackupRecord.WalSpan of(Lsn start, BackupMode.Stop stop, WalSegmentSize segmentSize)
            throws FailedException, DamagedFileException {
        BackupLabel label = BackupLabel.parse(stop.label());
        if (!label.timeline().equals(stop.timeline())) {
            throw new FailedException(
                    "timeline_changed",
                    "server changed from timeline " + label.timeline() + " to " + stop.timeline()
                            + " during the backup",
                    "Start the backup again.");
        }
        return new BackupRecord.WalSpan(
                start,
                label.start(),
                stop.lsn(),
                label.timeline(),
                stop.timeline(),
                WalSegmentName.containing(label.timeline(), label.start(), segmentSize),
                WalSegmentName.containing(stop.timeline(), stop.lsn().plus(-1), segmentSize),
                segmentSize);
    }

    /**
     * The same of a standby. Its stop says nothing of time, since it may lag: no later time than that of the last
     * transaction may be claimed.
     *
     * @param lastReplayed that the server knows of, read after the stop
     * @param checkpointTime of the checkpoint that the backup starts with
     */
    static BackupRecord.WalSpan ofStandby(
            BackupRecord.WalSpan wal,
            CarriedWal.Carried carried,
            Optional<Instant> lastReplayed,
            Instant checkpointTime) {
        Instant last = Stream.of(lastReplayed, carried.lastCommit(), Optional.of(checkpointTime))
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElseThrow();
        return new BackupRecord.WalSpan(
                wal.startLsn(),
                wal.redoLsn(),
                wal.stopLsn(),
                wal.startTimeline(),
                wal.stopTimeline(),
                wal.first(),
                wal.last(),
                wal.segmentSize(),
                carried.from(),
                Optional.of(new BackupRecord.StandbyEnd(carried.lastRecord(), last)));
    }
}
