package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.PackWriter;

/**
 * Stores the WAL of a standby's pg_wal that its backup needs and the archive does not have: a standby cannot switch to a
 * new segment, so that the last one is finished and archived when the primary, which may be gone, does so.
 *
 * <p>A restore puts the files back into pg_wal, where recovery looks for what {@code restore_command} does not have.
 */
final class CarriedWal {
    private final WalArchive archive;
    private final Path directory;
    private final PackWriter packs;

    CarriedWal(WalArchive archive, Path dataDirectory, PackWriter packs) {
        this.archive = archive;
        this.directory = dataDirectory.resolve("pg_wal");
        this.packs = packs;
    }

    /** Takes the files in the order of their names. */
    @FunctionalInterface
    interface Target {
        void add(String name, List<Extent> content) throws IOException;
    }

    /**
     * What was stored.
     *
     * @param from the first segment; empty if none was needed
     * @param lastRecord where the record begins that ends at the backup's stop
     * @param lastCommit the time of the latest transaction in the WAL that was looked at
     */
    record Carried(Optional<WalSegmentName> from, Lsn lastRecord, Optional<Instant> lastCommit) {}

    /**
     * Stores from the first segment that the archive lacks on, or, where the standby does not have that any more, from the
     * first after it that is followed by all others.
     */
    Carried store(BackupRecord.WalSpan wal, Target target) throws IOException, FailedException {
        storeHistory(wal.stopTimeline(), target);
        Optional<WalSegmentName> from = first(wal);
        Optional<Instant> lastCommit = Optional.empty();
        if (from.isPresent()) {
            for (WalSegmentName segment = from.get();
                    segment.compareTo(wal.last()) <= 0;
                    segment = segment.next(wal.segmentSize())) {
                WalFacts facts = store(segment, wal, target);
                if (!facts.transactions().isEmpty()) {
                    Instant latest = facts.transactions().latest();
                    lastCommit =
                            lastCommit.filter(known -> known.isAfter(latest)).or(() -> Optional.of(latest));
                }
            }
        }
        return new Carried(from, lastRecord(wal), lastCommit);
    }

    private Optional<WalSegmentName> first(BackupRecord.WalSpan wal) throws IOException {
        Optional<WalSegmentName> from = Optional.empty();
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            if (Files.notExists(directory.resolve(segment.toString()))) {
                from = Optional.empty();
            } else if (from.isEmpty() && !archive.contains(segment)) {
                from = Optional.of(segment);
            }
        }
        return from;
    }

    /** It is looked for from the last segment on, and from the one before if it begins there. */
    private Lsn lastRecord(BackupRecord.WalSpan wal) throws IOException, FailedException {
        long segments = wal.last().number(wal.segmentSize()) - wal.first().number(wal.segmentSize());
        for (long back = 0; back <= segments; back++) {
            Optional<Lsn> found = lastRecord(
                    WalSegmentName.ofNumber(
                            wal.last().timeline(), wal.last().number(wal.segmentSize()) - back, wal.segmentSize()),
                    wal);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IOException("no record of the WAL in the standby's pg_wal ends at " + wal.stopLsn());
    }

    private Optional<Lsn> lastRecord(WalSegmentName begin, BackupRecord.WalSpan wal)
            throws IOException, FailedException {
        WalReader reader = new WalReader(begin.start(wal.segmentSize()));
        for (WalSegmentName segment = begin;
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            reader.feed(ByteBuffer.wrap(segment(segment)));
            while (reader.next()) {
                if (!reader.record().end().isBefore(wal.stopLsn())) {
                    return Optional.of(reader.record().start()).filter(start -> start.isBefore(wal.stopLsn()));
                }
            }
        }
        return Optional.empty();
    }

    /** Without its history a timeline cannot be recovered along. */
    private void storeHistory(Timeline timeline, Target target) throws IOException, FailedException {
        if (timeline.equals(Timeline.FIRST) || archive.contains(new WalFileName.History(timeline))) {
            return;
        }
        ByteBuffer content = ByteBuffer.wrap(read(timeline.historyFileName()));
        ByteBuffer frame =
                ByteBuffer.allocateDirect(content.remaining()).put(content).flip();
        int length = frame.remaining();
        target.add(
                timeline.historyFileName(), List.of(new Extent.Stored(new FramePart(packs.append(frame), 0, length))));
    }

    private byte[] read(String name) throws IOException, FailedException {
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (NoSuchFileException e) {
            throw gone(name, e);
        } catch (AccessDeniedException e) {
            throw UnreadableFile.failure("pg_wal/" + name, e);
        }
    }

    /** The server's own file if it has it, since the archive may hold another history's of the same name. */
    private byte[] segment(WalSegmentName segment) throws IOException, FailedException {
        if (Files.exists(directory.resolve(segment.toString())) || !archive.contains(segment)) {
            return read(segment.toString());
        }
        try (InputStream input = archive.open(new WalFileName.Segment(segment))) {
            return input.readAllBytes();
        }
    }

    private static FailedException gone(String name, IOException cause) {
        return new FailedException(
                "wal_not_archived",
                "\"" + name + "\" is neither in the archive nor in the standby's pg_wal",
                "Make sure with \"pgark check\" on the primary's host that it archives to this repository.",
                cause);
    }

    private WalFacts store(WalSegmentName segment, BackupRecord.WalSpan wal, Target target)
            throws IOException, FailedException {
        int size = wal.segmentSize().bytes();
        boolean isLast = segment.equals(wal.last());
        long needed = isLast
                ? wal.stopLsn().value() - segment.start(wal.segmentSize()).value()
                : size;
        WalFactsCollector collector = new WalFactsCollector(segment);
        List<Extent> extents = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(Packer.FRAME_BYTES);
        try (FileChannel channel = FileChannel.open(directory.resolve(segment.toString()))) {
            for (long position = 0; position < needed; position += Packer.FRAME_BYTES) {
                buffer.clear().limit((int) Math.min(Packer.FRAME_BYTES, needed - position));
                if (!WholeRead.fill(channel, position, buffer)) {
                    throw new IOException("WAL segment \"" + segment + "\" in the standby's pg_wal is shorter than "
                            + needed + " bytes");
                }
                buffer.flip();
                int length = buffer.remaining();
                collector.feed(buffer.duplicate());
                extents.add(new Extent.Stored(new FramePart(packs.append(buffer), 0, length)));
            }
        } catch (NoSuchFileException e) {
            throw gone(segment.toString(), e);
        } catch (AccessDeniedException e) {
            throw UnreadableFile.failure("pg_wal/" + segment, e);
        }
        for (long position = needed; position < size; position += Packer.FRAME_BYTES) {
            collector.feed(ByteBuffer.allocate((int) Math.min(Packer.FRAME_BYTES, size - position)));
        }
        WalFacts facts = collector.finish();
        requireValid(facts, segment, isLast ? wal.stopLsn() : segment.end(wal.segmentSize()));
        if (needed < size) {
            // What the file has there belongs to a record that the backup does not need, or to an older segment.
            extents.add(new Extent.Zeros(size - needed));
        }
        target.add(segment.toString(), extents);
        return facts;
    }

    /** What recovery could not read must not be taken for a part of a backup. */
    static void requireValid(WalFacts facts, WalSegmentName segment, Lsn end) throws IOException {
        boolean onlyEndOfRecord = facts.firstRecord().equals(Lsn.ZERO);
        if (!facts.end().continues()
                && !onlyEndOfRecord
                && facts.end().position().isBefore(end)) {
            throw new IOException("WAL segment \"" + segment + "\" in the standby's pg_wal is not valid up to " + end
                    + ": " + facts.end().describe());
        }
    }
}
