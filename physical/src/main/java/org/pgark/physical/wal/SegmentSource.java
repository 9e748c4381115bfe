package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.WalSource;

/** A segment on its way into the archive: checked before its first byte leaves, and read for its facts on the way. */
final class SegmentSource implements WalSource {
    private final WalSegmentName name;
    private final Path file;
    private final ControlFile control;
    private Optional<WalFactsCollector> collector = Optional.empty();

    SegmentSource(WalSegmentName name, Path file, ControlFile control) {
        this.name = name;
        this.file = file;
        this.control = control;
    }

    /** The same file, for another thread. */
    SegmentSource again() {
        return new SegmentSource(name, file, control);
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
        WalFactsCollector fresh = new WalFactsCollector(name);
        collector = Optional.of(fresh);
        return new Reading(channel, fresh);
    }

    private void check(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(WalSegmentHeader.BYTES);
        while (start.hasRemaining() && channel.read(start) >= 0) {}
        byte[] header = new byte[start.position()];
        start.flip().get(header);
        WalSegmentHeader.read(name, header)
                .check(name, channel.size(), control.systemIdentifier(), control.major(), control.walSegmentSize());
        channel.position(0);
    }

    @Override
    public byte[] facts() throws IOException {
        return collector
                .orElseThrow(() -> new IllegalStateException("segment \"" + name + "\" was not read"))
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
