package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.pgark.physical.change.SegmentChanges;
import org.pgark.physical.change.SegmentChangesCollector;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.WalSource;

/** A segment on its way into the archive: checked before its first byte leaves, and read for its facts on the way. */
public final class SegmentSource implements WalSource {
    /** Bytes of what a segment changed; more is not kept, since many are read at the same time. */
    private static final int MOST_CHANGES = 2 << 20;

    private final WalSegmentName name;
    private final Path file;
    private final SystemIdentifier system;
    private final PostgresMajor major;
    private final WalSegmentSize size;
    private Optional<Collected> collected = Optional.empty();

    /** What one reading collects; the facts are finished when they are first asked for. */
    private static final class Collected {
        private final WalFactsCollector collector;
        private final SegmentChangesCollector changes;
        private Optional<WalFacts> finished = Optional.empty();

        Collected(WalFactsCollector collector, SegmentChangesCollector changes) {
            this.collector = collector;
            this.changes = changes;
        }

        WalFacts facts() throws IOException {
            if (finished.isEmpty()) {
                finished = Optional.of(collector.finish());
            }
            return finished.get();
        }
    }

    /** A file that is to be a segment of this server. */
    public SegmentSource(
            WalSegmentName name, Path file, SystemIdentifier system, PostgresMajor major, WalSegmentSize size) {
        this.name = name;
        this.file = file;
        this.system = system;
        this.major = major;
        this.size = size;
    }

    SegmentSource(WalSegmentName name, Path file, ControlFile control) {
        this(name, file, control.systemIdentifier(), control.major(), control.walSegmentSize());
    }

    /** The same file, for another thread. */
    SegmentSource again() {
        return new SegmentSource(name, file, system, major, size);
    }

    @Override
    public ReadableByteChannel open() throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean checked = false;
        try {
            check(channel);
            checked = true;
        } finally {
            if (!checked) {
                channel.close();
            }
        }
        SegmentChangesCollector changes = new SegmentChangesCollector(major);
        WalFactsCollector facts = new WalFactsCollector(name, changes);
        collected = Optional.of(new Collected(facts, changes));
        return new Reading(channel, facts);
    }

    private void check(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(WalSegmentHeader.BYTES);
        while (start.hasRemaining() && channel.read(start) >= 0) {}
        byte[] header = new byte[start.position()];
        start.flip().get(header);
        WalSegmentHeader.read(name, header).check(name, channel.size(), system, major, size);
        channel.position(0);
    }

    @Override
    public byte[] facts() throws IOException {
        return collected().facts().encode();
    }

    @Override
    public Optional<byte[]> changes() throws IOException {
        Collected read = collected();
        WalFacts facts = read.facts();
        try {
            return read.changes
                    .finish(facts, read.collector.cutSums())
                    .map(SegmentChanges::encode)
                    .filter(changes -> changes.length <= MOST_CHANGES);
        } catch (RuntimeException | OutOfMemoryError e) {
            // The segment must be archived whatever can be made of it.
            System.getLogger(SegmentSource.class.getName())
                    .log(System.Logger.Level.WARNING, "what segment \"" + name + "\" changes is not kept", e);
            return Optional.empty();
        }
    }

    private Collected collected() {
        return collected.orElseThrow(() -> new IllegalStateException("segment \"" + name + "\" was not read"));
    }

    /** Shows every byte to the collector as it passes. */
    private record Reading(FileChannel channel, WalFactsCollector collector) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            int before = target.position();
            int count = channel.read(target);
            if (count > 0) {
                collector.feed(target.duplicate().flip().position(before));
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
