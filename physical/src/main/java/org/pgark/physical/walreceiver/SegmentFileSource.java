package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.WalSource;

/** A complete segment on its way into the archive: checked first, and read for its facts on the way. */
final class SegmentFileSource implements WalSource {
    private final ReceivedSegment segment;
    private final Incarnation incarnation;
    private Optional<WalFactsCollector> collector = Optional.empty();

    SegmentFileSource(ReceivedSegment segment, Incarnation incarnation) {
        this.segment = segment;
        this.incarnation = incarnation;
    }

    @Override
    public ReadableByteChannel open() throws IOException {
        FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ);
        boolean checked = false;
        try {
            ByteBuffer start = ByteBuffer.allocate(WalSegmentHeader.BYTES);
            while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
            byte[] header = new byte[start.position()];
            start.flip().get(header);
            WalSegmentHeader.read(segment.name(), header)
                    .check(
                            segment.name(),
                            channel.size(),
                            incarnation.systemIdentifier(),
                            incarnation.major(),
                            incarnation.segmentSize());
            checked = true;
        } finally {
            if (!checked) {
                channel.close();
            }
        }
        WalFactsCollector fresh = new WalFactsCollector(segment.name());
        collector = Optional.of(fresh);
        return new Reading(channel, fresh);
    }

    @Override
    public byte[] facts() throws IOException {
        return collector
                .orElseThrow(() -> new IllegalStateException("segment \"" + segment.name() + "\" was not read"))
                .finish()
                .encode();
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
