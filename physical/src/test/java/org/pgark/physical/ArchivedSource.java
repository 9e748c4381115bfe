package org.pgark.physical;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pgark.physical.wal.SegmentSource;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.repository.archive.WalSource;

/** Files on their way into an archive, as {@code archive_command} brings them. */
public final class ArchivedSource {
    private ArchivedSource() {}

    /** The file of that name. */
    public static WalSource of(Path file, WalFileName name) throws IOException {
        if (!(name instanceof WalFileName.Segment(var segment))) {
            return new Text(file);
        }
        WalSegmentHeader header = WalSegmentHeader.read(segment, Files.readAllBytes(file));
        return new SegmentSource(segment, file, header.systemIdentifier(), header.major(), header.segmentSize());
    }

    private record Text(Path file) implements WalSource {
        @Override
        public ReadableByteChannel open() throws IOException {
            return FileChannel.open(file);
        }

        @Override
        public byte[] facts() {
            return "none".getBytes(StandardCharsets.UTF_8);
        }
    }
}
