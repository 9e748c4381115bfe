package org.pgark.physical.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.TransactionEnd;
import org.pgark.postgres.wal.TransactionFacts;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalSearch;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Stops at a commit or abort: the first past a time, or that of one transaction.
 *
 * @param hint whether a segment with these facts may hold it
 * @param wanted whether it is this one
 * @param after whether it is still replayed
 */
record TransactionStop(
        ArchivedWal archive,
        Predicate<TransactionFacts> hint,
        Predicate<TransactionEnd> wanted,
        boolean after,
        ZoneId zone)
        implements StopRecord {

    /*
     * recoveryStopsBefore of access/transam/xlogrecovery.c: commits and aborts are compared in the WAL's order; an inclusive
     * target stops before the first that is later, an exclusive one before the first that is not earlier.
     */
    static TransactionStop at(RecoveryTarget.Time target, ArchivedWal archive) {
        Predicate<Instant> past =
                target.exclusive() ? time -> !time.isBefore(target.instant()) : time -> time.isAfter(target.instant());
        return new TransactionStop(
                archive,
                facts -> !facts.isEmpty() && past.test(facts.latest()),
                end -> past.test(end.time()),
                false,
                target.zone());
    }

    static TransactionStop at(RecoveryTarget.AtTransaction target, ArchivedWal archive, ZoneId zone) {
        return new TransactionStop(
                archive,
                facts -> facts.ids().contains(target.xid()),
                end -> end.xid() == target.xid(),
                !target.exclusive(),
                zone);
    }

    @Override
    public boolean mayBeIn(WalFacts segment) {
        return hint.test(segment.transactions());
    }

    @Override
    public Optional<Stop> cut(WalFacts segment, WalFacts previous) {
        return segment.transactionEndCutFrom(previous).filter(wanted).map(this::stop);
    }

    @Override
    public Optional<Stop> find(WalSegmentName segment, WalFacts facts, Lsn from) throws IOException {
        try (InputStream content = archive.open(segment)) {
            return WalSearch.first(
                            end -> !end.start().isBefore(from) && wanted.test(end),
                            content,
                            segment.start(archive.segmentSize()))
                    .map(this::stop);
        }
    }

    private Stop stop(TransactionEnd end) {
        return new Stop(end.start(), end.end(), after, describe(end, zone));
    }

    /** For example {@code the commit of transaction 771 at 2026-11-22 10:42:00+01:00}. */
    static String describe(TransactionEnd end, ZoneId zone) {
        return (end.committed() ? "the commit" : "the abort") + " of transaction " + Integer.toUnsignedString(end.xid())
                + " at " + TargetTime.format(end.time(), zone);
    }
}
