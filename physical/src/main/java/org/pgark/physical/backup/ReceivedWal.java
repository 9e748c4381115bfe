package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.PackWriter;

/**
 * The WAL that a standby sends behind its files. From the first segment on that the archive lacks it becomes a part of the
 * backup, as {@link CarriedWal} has it; what the archive has must be the same. Not for several threads.
 */
final class ReceivedWal {
    private final WalArchive archive;
    private final PackWriter packs;
    private final WalSegmentSize segmentSize;
    private final Lsn stop;
    private final WalSegmentName last;
    private final Map<String, List<Extent>> carried = new TreeMap<>();
    private final Map<String, byte[]> histories = new TreeMap<>();
    private Optional<WalReader> records = Optional.empty();
    private Optional<WalSegmentName> from = Optional.empty();
    private Optional<WalSegmentName> latest = Optional.empty();
    private Optional<Lsn> lastRecord = Optional.empty();
    private Optional<Instant> lastCommit = Optional.empty();

    /**
     * @param packs takes what is carried
     * @param control the backup's pg_control, which says where it is consistent
     */
    ReceivedWal(WalArchive archive, PackWriter packs, ControlFile control) {
        this.archive = archive;
        this.packs = packs;
        this.segmentSize = control.walSegmentSize();
        this.stop = control.minimumRecoveryPoint();
        this.last =
                WalSegmentName.containing(new Timeline(control.minimumRecoveryTimeline()), stop.plus(-1), segmentSize);
    }

    /** Takes the bytes of one file. */
    interface Incoming {
        void content(byte[] source, int offset, int length) throws IOException;

        void end() throws IOException, FailedException;
    }

    /**
     * Takes a file of pg_wal; empty if it is not needed.
     *
     * @param name in that directory
     */
    Optional<Incoming> begin(String name, long size) throws IOException {
        if (name.matches("[0-9A-F]{8}\\.history") && size <= Packer.FRAME_BYTES) {
            return Optional.of(new History(name));
        }
        if (!WalSegmentName.isName(name)) {
            return Optional.empty();
        }
        WalSegmentName segment = WalSegmentName.parse(name);
        if (!segment.timeline().equals(last.timeline()) || segment.compareTo(last) > 0) {
            return Optional.empty();
        }
        if (size != segmentSize.bytes()) {
            throw new IOException("server sent WAL segment " + segment + " with " + size + " bytes instead of "
                    + segmentSize.bytes());
        }
        if (latest.isPresent() && !latest.get().next(segmentSize).equals(segment)) {
            throw new IOException("server sent WAL segment " + segment + " after " + latest.get());
        }
        latest = Optional.of(segment);
        if (records.isEmpty()) {
            records = Optional.of(new WalReader(segment.start(segmentSize)));
        }
        if (from.isEmpty() && !archive.contains(segment)) {
            from = Optional.of(segment);
        }
        return Optional.of(new Segment(segment));
    }

    /**
     * What was stored.
     *
     * @throws FailedException if something is missing that the backup cannot do without
     */
    CarriedWal.Carried carried() throws IOException, FailedException {
        if (latest.isEmpty() || !latest.get().equals(last)) {
            throw new IOException("server sent no WAL segment " + last);
        }
        Timeline timeline = last.timeline();
        if (!timeline.equals(Timeline.FIRST) && !archive.contains(new WalFileName.History(timeline))) {
            byte[] history = histories.get(timeline.historyFileName());
            if (history == null) {
                throw new FailedException(
                        "wal_not_archived",
                        "\"" + timeline.historyFileName() + "\" is neither in the archive nor in the standby's pg_wal",
                        "Make sure with \"pgark check\" on the primary's host that it archives to this repository.");
            }
            carried.put(timeline.historyFileName(), List.of(store(history, history.length)));
        }
        return new CarriedWal.Carried(
                from,
                lastRecord.orElseThrow(
                        () -> new IOException("no record of the WAL that the server sent ends at " + stop)),
                lastCommit);
    }

    /** Gives what was stored to the backup, in the order of names. */
    void addTo(CarriedWal.Target target) throws IOException {
        for (Map.Entry<String, List<Extent>> file : carried.entrySet()) {
            target.add(file.getKey(), file.getValue());
        }
    }

    private Extent store(byte[] bytes, int length) throws IOException {
        ByteBuffer frame =
                ByteBuffer.allocateDirect(length).put(bytes, 0, length).flip();
        return new Extent.Stored(new FramePart(packs.append(frame), 0, length));
    }

    private void read(byte[] bytes, int length) {
        WalReader reader = records.orElseThrow();
        if (lastRecord.isPresent()) {
            return;
        }
        reader.feed(ByteBuffer.wrap(bytes, 0, length).slice());
        while (reader.next()) {
            if (lastRecord.isEmpty()
                    && !reader.record().end().isBefore(stop)
                    && reader.record().start().isBefore(stop)) {
                lastRecord = Optional.of(reader.record().start());
            }
        }
    }

    /** A timeline's history: a few lines. */
    private final class History implements Incoming {
        private final String name;
        private byte[] bytes = new byte[0];

        History(String name) {
            this.name = name;
        }

        @Override
        public void content(byte[] source, int offset, int length) {
            int before = bytes.length;
            bytes = Arrays.copyOf(bytes, before + length);
            System.arraycopy(source, offset, bytes, before, length);
        }

        @Override
        public void end() {
            histories.put(name, bytes);
        }
    }

    /** One segment, the last one only as far as the backup needs it. */
    private final class Segment implements Incoming {
        private final WalSegmentName name;
        private final boolean carries;
        private final long needed;
        private final SegmentDigest digest = new SegmentDigest();
        private final WalFactsCollector facts;
        private final List<Extent> extents = new ArrayList<>();
        private byte[] piece = new byte[Packer.FRAME_BYTES];
        private int filled;
        private long position;

        Segment(WalSegmentName name) {
            this.name = name;
            this.carries = from.isPresent();
            this.needed = name.equals(last) ? stop.minus(name.start(segmentSize)) : segmentSize.bytes();
            this.facts = new WalFactsCollector(name);
        }

        @Override
        public void content(byte[] source, int offset, int length) throws IOException {
            int taken = 0;
            while (taken < length) {
                int count = Math.min(length - taken, piece.length - filled);
                System.arraycopy(source, offset + taken, piece, filled, count);
                filled += count;
                taken += count;
                if (filled == piece.length) {
                    take();
                }
            }
        }

        private void take() throws IOException {
            int useful = (int) Math.max(0, Math.min(filled, needed - position));
            read(piece, filled);
            digest.update(piece, useful);
            Arrays.fill(piece, useful, filled, (byte) 0);
            facts.feed(ByteBuffer.wrap(piece, 0, filled));
            if (carries && useful > 0) {
                extents.add(store(piece, useful));
            }
            position += filled;
            filled = 0;
            // The reader may still look at what it was fed with.
            piece = new byte[Packer.FRAME_BYTES];
        }

        @Override
        public void end() throws IOException, FailedException {
            take();
            WalFacts found = facts.finish();
            if (!found.transactions().isEmpty()) {
                Instant time = found.transactions().latest();
                lastCommit = lastCommit.filter(known -> known.isAfter(time)).or(() -> Optional.of(time));
            }
            if (!carries) {
                digest.requireSame(archive, name, needed, segmentSize);
                return;
            }
            CarriedWal.requireValid(found, name, name.equals(last) ? stop : name.end(segmentSize));
            if (needed < segmentSize.bytes()) {
                extents.add(new Extent.Zeros(segmentSize.bytes() - needed));
            }
            carried.put(name.toString(), List.copyOf(extents));
        }
    }
}
