package org.pgark.physical.change;

import java.util.Optional;
import java.util.function.Consumer;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.wal.CutSums;
import org.pgark.postgres.wal.WalChanges;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalRecord;

/** Collects what the records of a segment change while it is read for its facts. One use, not for several threads. */
public final class SegmentChangesCollector implements Consumer<WalRecord> {
    /** With more relations nothing is kept: several segments are archived at the same time, in a small heap. */
    private static final int MOST_RELATIONS = 20_000;

    private final ChangeCollector collector = new ChangeCollector(new ChangeMap(MOST_RELATIONS));
    private final WalChanges changes;
    private Lsn previous = Lsn.ZERO;
    private Lsn last = Lsn.ZERO;
    private boolean failed;

    /** @param major the version that wrote the segment */
    public SegmentChangesCollector(PostgresMajor major) {
        this.changes = new WalChanges(major, PageChecksum.PAGE_BYTES, collector);
    }

    @Override
    public void accept(WalRecord record) {
        if (last.equals(Lsn.ZERO)) {
            previous = record.previous();
        }
        last = record.start();
        if (failed || collector.unknown().isPresent()) {
            return;
        }
        try {
            changes.read(record);
        } catch (RuntimeException e) {
            // The segment must be archived whatever can be made of it.
            failed = true;
            System.getLogger(SegmentChangesCollector.class.getName())
                    .log(System.Logger.Level.WARNING, "what the WAL record at " + last + " changes cannot be told", e);
        }
    }

    /**
     * What was collected, after the whole segment was read; empty if it does not tell all that changed.
     *
     * @param facts what the same reading told
     * @param cut and of the records that the boundaries cut
     */
    public Optional<SegmentChanges> finish(WalFacts facts, CutSums cut) {
        boolean whole = facts.end().continues();
        return failed
                        || collector.unknown().isPresent()
                        || !whole
                        || collector.changes().isEverything()
                ? Optional.empty()
                : Optional.of(new SegmentChanges(previous, last, cut, collector.changes()));
    }
}
