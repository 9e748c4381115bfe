package org.pgark.physical.recovery;

import java.io.IOException;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.CutRecordTail;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.WalSegmentName;

/** Stops at the first record that begins at a position or after it. */
record PositionStop(ArchivedWal archive, Lsn target, boolean after) implements StopRecord {
    static PositionStop at(RecoveryTarget.AtLsn target, ArchivedWal archive) {
        return new PositionStop(archive, target.lsn(), !target.exclusive());
    }

    @Override
    public boolean mayBeIn(WalFacts segment) {
        return segment.end().position().isAfter(target);
    }

    @Override
    public Optional<Stop> cut(WalFacts segment, WalFacts previous) {
        CutRecordTail tail = previous.tail();
        if (tail.start().equals(Lsn.ZERO) || tail.start().isBefore(target)) {
            return Optional.empty();
        }
        // A record that fills this segment too ends further on; its end is told as the segment's.
        Lsn end = segment.firstRecord().equals(Lsn.ZERO) ? segment.end().position() : segment.firstRecord();
        return Optional.of(stop(tail.start(), end));
    }

    @Override
    public Optional<Stop> find(WalSegmentName segment, WalFacts facts, Lsn from) throws IOException {
        Lsn earliest = from.isAfter(target) ? from : target;
        return SegmentScan.first(
                archive,
                segment,
                record -> record.start().isBefore(earliest)
                        ? Optional.empty()
                        : Optional.of(stop(record.start(), record.end())));
    }

    /** The last complete record of a segment that begins before {@code limit}. */
    static Optional<Lsn> lastRecordBefore(Lsn limit, WalSegmentName segment, ArchivedWal archive) throws IOException {
        Lsn[] last = {Lsn.ZERO};
        SegmentScan.first(archive, segment, (WalRecord record) -> {
            if (record.start().isBefore(limit)) {
                last[0] = record.start();
            }
            return Optional.empty();
        });
        return last[0].equals(Lsn.ZERO) ? Optional.empty() : Optional.of(last[0]);
    }

    private Stop stop(Lsn start, Lsn end) {
        return new Stop(start, end, after, "the record");
    }
}
