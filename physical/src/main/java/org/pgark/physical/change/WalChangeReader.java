package org.pgark.physical.change;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.control.WalLevel;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.wal.WalChange;
import org.pgark.postgres.wal.WalChangeVisitor;
import org.pgark.postgres.wal.WalChanges;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** Reads what changed from the records of WAL themselves. */
public final class WalChangeReader {
    private static final int BUFFER_BYTES = 1 << 20;

    private final PostgresMajor major;
    private final int pageBytes;
    private final WalSegmentSize segmentSize;
    private final Segments segments;

    /** Where segments are found. */
    public interface Segments {
        /** Opens a segment from its start on; empty if it is nowhere. */
        Optional<InputStream> open(WalSegmentName segment) throws IOException;
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
     * Reads all records of a range.
     *
     * @throws UnknownChangesException if the WAL is not complete, or a record does not say what it changed
     */
    public ChangeMap read(ChangeRange range) throws UnknownChangesException, InterruptedException {
        Collector collector = new Collector();
        WalChanges changes = new WalChanges(major, pageBytes, collector);
        WalReader reader =
                new WalReader(WalSegmentName.containing(range.history().timeline(), range.from(), segmentSize)
                        .start(segmentSize));
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean begun = false;
        for (WalSegmentName segment : range.segments(segmentSize)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try (InputStream content = open(segment)) {
                int count = content.readNBytes(buffer, 0, buffer.length);
                while (count > 0) {
                    reader.feed(ByteBuffer.wrap(buffer, 0, count));
                    while (reader.next()) {
                        if (!reader.record().start().isBefore(range.to())) {
                            return collector.changes();
                        }
                        begun = begun || reader.record().start().equals(range.from());
                        if (!begun && reader.record().start().isAfter(range.from())) {
                            throw new UnknownChangesException("no WAL record begins at " + range.from());
                        }
                        changes.read(reader.record());
                    }
                    if (reader.hasEnded()) {
                        throw ended(reader, range);
                    }
                    count = content.readNBytes(buffer, 0, buffer.length);
                }
            } catch (IOException e) {
                throw new UnknownChangesException("WAL segment " + segment + " cannot be read: " + e.getMessage());
            }
        }
        if (reader.end().position().isBefore(range.to())) {
            throw ended(reader, range);
        }
        return collector.changes();
    }

    private InputStream open(WalSegmentName segment) throws IOException, UnknownChangesException {
        return segments.open(segment)
                .orElseThrow(() -> new UnknownChangesException("WAL segment " + segment + " is not in the archive"));
    }

    private static UnknownChangesException ended(WalReader reader, ChangeRange range) {
        return new UnknownChangesException("valid WAL ends at " + reader.end().position() + ", before " + range.to()
                + ": " + reader.end().describe());
    }

    /** Puts into a change map what records say. */
    private static final class Collector implements WalChangeVisitor {
        private final ChangeMap changes = new ChangeMap();
        private Optional<String> unknown = Optional.empty();

        ChangeMap changes() throws UnknownChangesException {
            if (unknown.isPresent()) {
                throw new UnknownChangesException(unknown.get());
            }
            return changes;
        }

        @Override
        public void blockChanged(int tablespace, int database, int relation, int fork, int block) {
            Fork changed = Fork.ofNumber(fork);
            if (changed == Fork.MAIN || changed == Fork.INIT) {
                changes.addBlock(tablespace, database, relation, changed, block);
            }
        }

        @Override
        public void changed(Lsn at, WalChange change) {
            switch (change) {
                case WalChange.ForkCreated created ->
                    changes.addLimit(
                            created.tablespace(),
                            created.database(),
                            created.relation(),
                            Fork.ofNumber(created.fork()),
                            0);
                case WalChange.ForkTruncated cut ->
                    changes.addLimit(
                            cut.tablespace(), cut.database(), cut.relation(), Fork.ofNumber(cut.fork()), cut.limit());
                case WalChange.RelationDropped dropped -> {
                    changes.addLimit(dropped.tablespace(), dropped.database(), dropped.relation(), Fork.MAIN, 0);
                    changes.addLimit(dropped.tablespace(), dropped.database(), dropped.relation(), Fork.INIT, 0);
                }
                case WalChange.DatabaseCreated created -> changes.addDatabase(created.tablespace(), created.database());
                case WalChange.DatabaseDropped dropped -> changes.addDatabase(dropped.tablespace(), dropped.database());
                case WalChange.WalLevelStated(WalLevel level) -> {
                    if (level == WalLevel.MINIMAL) {
                        unknown = Optional.of("wal_level was minimal at " + at);
                    }
                }
                case WalChange.UnknownChange record ->
                    unknown = Optional.of("the WAL record at " + at + " (resource manager " + record.resourceManager()
                            + ", info " + record.info() + ") is of an unknown kind");
                case WalChange.RedoPoint _,
                        WalChange.CheckpointDone _,
                        WalChange.RecoveryEnded _,
                        WalChange.RecordOverwritten _ -> {}
            }
        }
    }
}
