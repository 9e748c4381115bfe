package org.pgark.physical.receive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * WAL in a directory, one file a segment. A segment in progress has a suffix ({@code .partial}, or none for a base
 * backup's pg_wal), is padded with zeros to its full size before the first byte, and takes its name when it is complete.
 */
public final class WalDirectory implements WalPlace {
    private static final byte[] ZEROS = new byte[1 << 20];

    private final Path directory;
    private final int segmentSize;
    private final String partialSuffix;
    private final WalCompression compression;
    private final boolean syncs;
    private final Set<PosixFilePermission> permissions;

    /**
     * A directory that is there.
     *
     * @param segmentSize bytes of a segment
     * @param partialSuffix the suffix of segments in progress, may be empty
     * @param syncs whether what is complete is made durable
     * @param groupReads whether files can be read by the group
     */
    public WalDirectory(
            Path directory,
            int segmentSize,
            String partialSuffix,
            WalCompression compression,
            boolean syncs,
            boolean groupReads) {
        this.directory = directory;
        this.segmentSize = segmentSize;
        this.partialSuffix = partialSuffix;
        this.compression = compression;
        this.syncs = syncs;
        this.permissions = PosixFilePermissions.fromString(groupReads ? "rw-r-----" : "rw-------");
    }

    @Override
    public boolean has(String name) {
        return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public WalFile openSegment(String name) throws IOException {
        String finalName = name + compression.suffix();
        Path path = directory.resolve(finalName + partialSuffix);
        boolean padded = compression.method() == WalCompression.Method.NONE;
        try {
            if (padded && Files.exists(path)) {
                long size = Files.size(path);
                if (size == segmentSize) {
                    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                    return new SegmentFile(finalName, path, channel, null);
                }
                if (size != 0) {
                    throw new ReplicationException("write-ahead log file \"" + finalName + partialSuffix + "\" has "
                            + size + (size == 1 ? " byte" : " bytes") + ", should be 0 or " + segmentSize);
                }
            }
            // The name appears only when the file has its size, so that a kill leaves no file of another one.
            Path begun = padded ? path.resolveSibling(path.getFileName() + ".tmp") : path;
            FileChannel channel = create(begun);
            try {
                if (padded) {
                    pad(channel);
                }
                if (syncs) {
                    channel.force(true);
                }
                if (padded) {
                    Files.move(begun, path, StandardCopyOption.ATOMIC_MOVE);
                }
                syncDirectory();
                return new SegmentFile(finalName, path, channel, padded ? null : compressor(channel));
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(begun);
                throw e;
            }
        } catch (ReplicationException e) {
            throw e;
        } catch (IOException e) {
            throw new ReplicationException(
                    "could not open write-ahead log file \"" + finalName + partialSuffix + "\": " + SystemMessage.of(e),
                    e);
        }
    }

    private OutputStream compressor(FileChannel channel) throws IOException {
        OutputStream out = java.nio.channels.Channels.newOutputStream(channel);
        return switch (compression.method()) {
            case NONE -> out;
            case GZIP -> new LevelledGzip(out, compression.level());
            case LZ4 ->
                new LZ4FrameOutputStream(
                        out,
                        LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB,
                        LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
            case ZSTD -> new com.github.luben.zstd.ZstdOutputStream(out, compression.level());
        };
    }

    private FileChannel create(Path path) throws IOException {
        FileAttribute<Set<PosixFilePermission>> mode = PosixFilePermissions.asFileAttribute(permissions);
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
                mode);
    }

    private void pad(FileChannel channel) throws IOException {
        int left = segmentSize;
        while (left > 0) {
            left -= channel.write(ByteBuffer.wrap(ZEROS, 0, Math.min(left, ZEROS.length)));
        }
        channel.position(0);
    }

    @Override
    public void put(String name, byte[] content) throws IOException {
        Path temporary = directory.resolve(name + ".tmp");
        try {
            try (FileChannel channel = create(temporary)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (syncs) {
                    channel.force(true);
                }
            }
            Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            throw new ReplicationException(
                    "could not write timeline history file \"" + name + "\": " + SystemMessage.of(e), e);
        }
    }

    @Override
    public void markDone(String name) throws IOException {
        String mark = "archive_status/" + name + ".done";
        try (FileChannel channel = create(directory.resolve(mark))) {
            if (syncs) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new ReplicationException(
                    "could not create archive status file \"" + mark + "\": " + SystemMessage.of(e), e);
        }
    }

    private void syncDirectory() throws IOException {
        if (syncs) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void finish() {
        // Every file is durable on its own.
    }

    @Override
    public void close() {
        // Nothing is held open but the segment in progress, which is the stream's.
    }

    /** One segment in progress. */
    private final class SegmentFile implements WalFile {
        private final String finalName;
        private final Path path;
        private final FileChannel channel;
        private final @Nullable OutputStream compressed;
        private int position;

        SegmentFile(String finalName, Path path, FileChannel channel, @Nullable OutputStream compressed) {
            this.finalName = finalName;
            this.path = path;
            this.channel = channel;
            this.compressed = compressed;
        }

        @Override
        public String shownName() {
            return finalName + partialSuffix;
        }

        @Override
        public int position() {
            return position;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (compressed == null) {
                ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } else {
                compressed.write(source, offset, length);
            }
            position += length;
        }

        @Override
        public void sync() throws IOException {
            if (compressed != null) {
                compressed.flush();
            }
            if (syncs) {
                channel.force(false);
            }
        }

        @Override
        public void close(boolean complete) throws IOException {
            try (channel) {
                if (compressed instanceof LevelledGzip gzip) {
                    gzip.finish();
                } else if (compressed != null) {
                    finishWithoutClosing(compressed);
                }
                if (syncs && channel.isOpen()) {
                    channel.force(true);
                }
            }
            if (complete && !partialSuffix.isEmpty()) {
                Files.move(path, directory.resolve(finalName), StandardCopyOption.ATOMIC_MOVE);
            }
            syncDirectory();
        }

        /** LZ4 and zstd write their last block when they are closed, and close the channel with it. */
        private void finishWithoutClosing(OutputStream stream) throws IOException {
            stream.close();
            if (syncs) {
                try (FileChannel again = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    again.force(true);
                }
            }
        }
    }
}
