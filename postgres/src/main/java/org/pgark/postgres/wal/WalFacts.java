package org.pgark.postgres.wal;

import java.util.List;
import java.util.Optional;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;

/**
 * What one WAL segment tells, so that windows and targets of recovery are found without reading the segment again.
 *
 * @param header of its first page
 * @param records how many records begin here and are complete
 * @param firstRecord where the first record begins; {@link Lsn#ZERO} if none begins here
 * @param transactions the commits and aborts
 * @param restorePoints the restore points in the WAL's order
 * @param head the beginning of this segment's content that belongs to a record begun earlier
 * @param tail the record that begins here and goes on in the next segment
 * @param end where valid WAL ends
 */
public record WalFacts(
        WalSegmentHeader header,
        long records,
        Lsn firstRecord,
        TransactionFacts transactions,
        List<RestorePoint> restorePoints,
        CutRecordHead head,
        CutRecordTail tail,
        WalEnd end) {
    public WalFacts {
        restorePoints = List.copyOf(restorePoints);
    }

    /**
     * Turns the form of {@link #encode} back.
     *
     * @throws DamagedFileException if these bytes are not that form, or of a newer version
     */
    public static WalFacts decode(byte[] encoded) throws DamagedFileException {
        return WalFactsForm.decode(encoded);
    }

    /** A compact binary form that carries its own version. */
    public byte[] encode() {
        return WalFactsForm.encode(this);
    }

    /**
     * Whether {@code next} can be what the same server wrote next: a record that is cut at the end of this segment goes on
     * there. Two segments between which no record is cut tell nothing, and then this is true.
     */
    public boolean goesOnIn(WalFacts next) {
        return CutRecords.fit(this, next);
    }

    /**
     * The record that began in {@code previous}, the segment before, and ends in this one, with the pages that it names
     * and as much of the rest as was kept; empty if there is none, the two do not fit together, or its CRC is not right.
     *
     * @param previousSums those of the segment before
     * @param sums those of this one
     */
    public Optional<WalRecord> recordCutFrom(WalFacts previous, CutSums previousSums, CutSums sums) {
        return CutRecords.isSound(previous, previousSums, this, sums)
                ? CutRecords.join(previous, this)
                : Optional.empty();
    }

    /** The commit or abort whose record began in {@code previous}, the segment before, and goes on in this one. */
    public Optional<TransactionEnd> transactionEndCutFrom(WalFacts previous) {
        return CutRecords.join(previous, this).flatMap(record -> TransactionRecords.end(record, header.major()));
    }

    /** The restore point whose record began in {@code previous}, the segment before, and goes on in this one. */
    public Optional<RestorePoint> restorePointCutFrom(WalFacts previous) {
        return CutRecords.join(previous, this).flatMap(RestorePoints::of);
    }
}
