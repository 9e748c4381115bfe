package org.pgark.physical.change;

import java.util.List;
import java.util.Optional;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.wal.WalChanges;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.ArchivedNotes;
import org.pgark.repository.frame.MalformedBytesException;

/**
 * What changed in segments that follow one another, by what the archive keeps beside them, so that they need not be read.
 * Counts a segment only together with the record that its end cuts off, for which the facts of the next one are needed, and
 * only if that record's CRC is right and the next one's first record names that of this one as the record before it. Stops at
 * the first segment of which that is not so, or that a record fills which began earlier: from there on the WAL itself has to be read.
 */
final class KeptChanges {
    private final PostgresMajor major;
    private final WalSegmentSize segmentSize;
    private final ChangeMap changes = new ChangeMap();
    private int count;
    private Optional<Notes> before = Optional.empty();
    private Lsn lastRecord = Lsn.ZERO;

    private record Notes(WalFacts facts, SegmentChanges changes) {}

    KeptChanges(PostgresMajor major, WalSegmentSize segmentSize) {
        this.major = major;
        this.segmentSize = segmentSize;
    }

    /** What the segments that count changed. */
    ChangeMap changes() {
        return changes;
    }

    /** How many segments count. */
    int count() {
        return count;
    }

    /**
     * Takes what is kept beside the next segments.
     *
     * @param kept in the order of segments
     * @return false if no more of them can count
     */
    boolean takeAll(List<WalSegmentName> segments, List<Optional<ArchivedNotes>> kept) {
        for (int index = 0; index < segments.size(); index++) {
            WalSegmentName segment = segments.get(index);
            Optional<Notes> notes = kept.get(index).flatMap(found -> read(segment, found));
            if (notes.isEmpty() || !take(notes.get())) {
                return false;
            }
        }
        return true;
    }

    private Optional<Notes> read(WalSegmentName segment, ArchivedNotes kept) {
        if (kept.changes().isEmpty()) {
            return Optional.empty();
        }
        try {
            WalFacts facts = WalFacts.decode(kept.facts());
            SegmentChanges decoded = SegmentChanges.decode(kept.changes().get());
            boolean isOfSegment = facts.header().pageAddress().equals(segment.start(segmentSize))
                    && facts.header().major() == major
                    && facts.header().segmentSize().equals(segmentSize);
            return isOfSegment ? Optional.of(new Notes(facts, decoded)) : Optional.empty();
        } catch (DamagedFileException | MalformedBytesException e) {
            return Optional.empty();
        }
    }

    /** Counts the segment before, now that it is known how the WAL goes on. */
    private boolean take(Notes next) {
        if (before.isPresent()) {
            Notes now = before.get();
            WalFacts facts = now.facts();
            Lsn last = now.changes().last().equals(Lsn.ZERO)
                    ? lastRecord
                    : now.changes().last();
            ChangeCollector ofCut = new ChangeCollector();
            if (facts.tail().present() > 0) {
                Optional<WalRecord> cut = next.facts()
                        .recordCutFrom(
                                facts, now.changes().cut(), next.changes().cut());
                if (cut.isEmpty()
                        || !(last.equals(Lsn.ZERO) || cut.get().previous().equals(last))) {
                    return false;
                }
                new WalChanges(major, PageChecksum.PAGE_BYTES, ofCut).read(cut.get());
                last = facts.tail().start();
            } else if (next.facts().head().remaining() > 0) {
                return false;
            }
            boolean isLinked = next.changes().last().equals(Lsn.ZERO)
                    || next.changes().previous().equals(last);
            if (!isLinked || !facts.goesOnIn(next.facts()) || ofCut.unknown().isPresent()) {
                return false;
            }
            lastRecord = last;
            changes.addAll(now.changes().changes());
            changes.addAll(ofCut.changes());
            count++;
        }
        before = Optional.of(next);
        return true;
    }
}
