package org.pgark.physical.change;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.wal.WalChanges;
import org.pgark.postgres.wal.WalEnd;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.ArchivedNotes;

/**
 * Finds out what changed from the WAL: from what the archive keeps beside its segments, and from the records themselves
 * where it keeps nothing or the server still has the segment.
 */
public final class WalChangeReader {
    private static final int BUFFER_BYTES = 1 << 20;
    /** With fewer segments nothing is spared: the first and the last of them are read all the same. */
    private static final int FEWEST_KEPT = 3;
    /** What is kept is asked for together of segments that have so many bytes, and of this number at most. */
    private static final long BYTES_AT_ONCE = 1L << 30;

    private static final int MOST_AT_ONCE = 64;

    private final PostgresMajor major;
    private final int pageBytes;
    private final WalSegmentSize segmentSize;
    private final Segments segments;

    /** Where segments are found. */
    public interface Segments {
        /** Opens a segment from its start on; empty if it is nowhere. */
        Optional<InputStream> open(WalSegmentName segment) throws IOException;

        /** How many of the first ones of segments that follow one another are to be taken from the archive. */
        default int archivedOnly(List<WalSegmentName> following) throws IOException {
            return 0;
        }

        /** What the archive keeps beside segments, in their order. */
        default List<Optional<ArchivedNotes>> notes(List<WalSegmentName> archived) throws IOException {
            return archived.stream().map(_ -> Optional.<ArchivedNotes>empty()).toList();
        }
    }

    /**
     * @param major the version that wrote the WAL
     * @param pageBytes the size of the cluster's pages
     */
    public WalChangeReader(PostgresMajor major, int pageBytes, WalSegmentSize segmentSize, Segments segments) {
        this.major = major;
        this.pageBytes = pageBytes;
        this.segmentSize = segmentSize;
        this.segments = segments;
    }

    /**
     * What of a range is known without its WAL, and what has to be read.
     *
     * @param segments all that hold the range
     * @param kept how many of the first ones the archive keeps all changes of
     * @param changes those changes
     */
    public record Plan(ChangeRange range, List<WalSegmentName> segments, int kept, ChangeMap changes) {
        /** How many bytes of WAL have to be read. */
        public long bytes(WalSegmentSize segmentSize) {
            return kept == 0
                    ? range.bytes()
                    : range.to().minus(segments.get(kept).start(segmentSize));
        }
    }

    /**
     * Looks what the archive keeps of the first segments of a range.
     *
     * @param most of how many segments at the most
     */
    public Plan plan(ChangeRange range, long most) throws UnknownChangesException, InterruptedException {
        List<WalSegmentName> all = range.segments(segmentSize);
        KeptChanges kept = new KeptChanges(major, segmentSize);
        try {
            int archived = (int) Math.min(most, segments.archivedOnly(all));
            int together = Math.clamp(BYTES_AT_ONCE / segmentSize.bytes(), 1, MOST_AT_ONCE);
            int taken = 0;
            boolean more = pageBytes == PageChecksum.PAGE_BYTES && archived >= FEWEST_KEPT;
            while (more && taken < archived) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                List<WalSegmentName> next = all.subList(taken, Math.min(archived, taken + together));
                more = kept.takeAll(next, segments.notes(next));
                taken += next.size();
            }
        } catch (IOException e) {
            throw new UnknownChangesException("what the archive keeps of changes cannot be read: " + e.getMessage());
        }
        return new Plan(range, all, kept.count(), kept.changes());
    }

    /**
     * Finds out what changed.
     *
     * @throws UnknownChangesException if the WAL is not complete, or a record does not say what it changed
     */
    public ChangeMap read(Plan plan) throws UnknownChangesException, InterruptedException {
        ChangeRange range = plan.range();
        ChangeCollector collector = new ChangeCollector();
        collector.changes().addAll(plan.changes());
        List<WalSegmentName> all = plan.segments();
        if (plan.kept() > 0) {
            // What is kept of a segment tells only of all of it.
            Optional<WalEnd> end = readRecords(all, range, record -> begins(record, range));
            if (end.isPresent()) {
                throw ended(end.get(), range);
            }
        }
        WalChanges changes = new WalChanges(major, pageBytes, collector);
        AtomicBoolean begun = new AtomicBoolean(plan.kept() > 0);
        Optional<WalEnd> end = readRecords(all.subList(plan.kept(), all.size()), range, record -> {
            if (!record.start().isBefore(range.to())) {
                return true;
            }
            if (!begun.get()) {
                begun.set(begins(record, range));
            }
            changes.read(record);
            return false;
        });
        if (end.isPresent() && end.get().position().isBefore(range.to())) {
            throw ended(end.get(), range);
        }
        return known(collector);
    }

    /** Sees one record after the other. */
    @FunctionalInterface
    private interface RecordVisitor {
        /** Whether this record is the last one to be seen. */
        boolean sees(WalRecord record) throws UnknownChangesException;
    }

    /**
     * Shows the records of segments that follow one another.
     *
     * @return where the last segment ends; empty if the visitor had enough before
     */
    private Optional<WalEnd> readRecords(List<WalSegmentName> following, ChangeRange range, RecordVisitor visitor)
            throws UnknownChangesException, InterruptedException {
        WalReader reader = new WalReader(following.getFirst().start(segmentSize));
        byte[] buffer = new byte[BUFFER_BYTES];
        for (WalSegmentName segment : following) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try (InputStream content = open(segment)) {
                int count = content.readNBytes(buffer, 0, buffer.length);
                while (count > 0) {
                    reader.feed(ByteBuffer.wrap(buffer, 0, count));
                    while (reader.next()) {
                        if (visitor.sees(reader.record())) {
                            return Optional.empty();
                        }
                    }
                    if (reader.hasEnded()) {
                        throw ended(reader.end(), range);
                    }
                    count = content.readNBytes(buffer, 0, buffer.length);
                }
            } catch (IOException e) {
                throw new UnknownChangesException("WAL segment " + segment + " cannot be read: " + e.getMessage());
            }
        }
        return Optional.of(reader.end());
    }

    private static ChangeMap known(ChangeCollector collector) throws UnknownChangesException {
        Optional<String> unknown = collector.unknown();
        if (unknown.isPresent()) {
            throw new UnknownChangesException(unknown.get());
        }
        return collector.changes();
    }

    /** Whether the range begins with this record. */
    private static boolean begins(WalRecord record, ChangeRange range) throws UnknownChangesException {
        if (record.start().isAfter(range.from())) {
            throw new UnknownChangesException("no WAL record begins at " + range.from());
        }
        return record.start().equals(range.from());
    }

    private InputStream open(WalSegmentName segment) throws IOException, UnknownChangesException {
        return segments.open(segment)
                .orElseThrow(() -> new UnknownChangesException("WAL segment " + segment + " is not in the archive"));
    }

    private static UnknownChangesException ended(WalEnd end, ChangeRange range) {
        return new UnknownChangesException(
                "valid WAL ends at " + end.position() + ", before " + range.to() + ": " + end.describe());
    }
}
