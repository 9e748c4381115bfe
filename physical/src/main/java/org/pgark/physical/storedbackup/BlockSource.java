package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that blocks of a relation come from: a whole one, or an incremental one, whose header is magic, count of blocks,
 * truncation length and the blocks' numbers, 32 bits each, filled up to a multiple of 8192 bytes if there are any blocks.
 */
final class BlockSource implements AutoCloseable {
    static final int BLOCK = 8192;

    private static final int MAGIC = 0xd3ae1f0d;
    private static final int SEGMENT_BLOCKS = 131_072;

    private final Path file;
    private final FileChannel channel;
    private final int headerBytes;
    private final int[] blocks;
    private final int truncationLength;
    private int blocksRead;
    private long highestEnd;

    private BlockSource(Path file, FileChannel channel, int headerBytes, int[] blocks, int truncationLength) {
        this.file = file;
        this.channel = channel;
        this.headerBytes = headerBytes;
        this.blocks = blocks;
        this.truncationLength = truncationLength;
    }

    /** A whole file; empty if there is none. */
    static Optional<BlockSource> whole(Path file) throws IOException {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return Optional.of(new BlockSource(file, channel, 0, new int[0], 0));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", file, e);
        }
    }

    static BlockSource incremental(Path file) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", file, e);
        }
        boolean good = false;
        try {
            BlockSource source = readHeader(file, channel);
            good = true;
            return source;
        } finally {
            if (!good) {
                channel.close();
            }
        }
    }

    private static BlockSource readHeader(Path file, FileChannel channel) throws IOException {
        int magic = read(file, channel, 4).getInt();
        if (magic != MAGIC) {
            throw new StoredBackupException("file \"" + file + "\" has bad incremental magic number (0x"
                    + Integer.toHexString(magic) + ", expected 0x" + Integer.toHexString(MAGIC) + ")");
        }
        int count = read(file, channel, 4).getInt();
        if (Integer.compareUnsigned(count, SEGMENT_BLOCKS) > 0) {
            throw new StoredBackupException("file \"" + file + "\" has block count " + Integer.toUnsignedString(count)
                    + " in excess of segment size " + SEGMENT_BLOCKS);
        }
        int truncation = read(file, channel, 4).getInt();
        if (Integer.compareUnsigned(truncation, SEGMENT_BLOCKS) > 0) {
            throw new StoredBackupException("file \"" + file + "\" has truncation block length "
                    + Integer.toUnsignedString(truncation) + " in excess of segment size " + SEGMENT_BLOCKS);
        }
        int[] blocks = new int[count];
        read(file, channel, 4 * count).asIntBuffer().get(blocks);
        for (int block : blocks) {
            if (Integer.compareUnsigned(block, SEGMENT_BLOCKS) >= 0) {
                throw new StoredBackupException("file \"" + file + "\" has block number "
                        + Integer.toUnsignedString(block) + " in excess of segment size " + SEGMENT_BLOCKS);
            }
        }
        int header = 12 + 4 * count;
        int aligned = count == 0 ? header : (header + BLOCK - 1) / BLOCK * BLOCK;
        return new BlockSource(file, channel, aligned, blocks, truncation);
    }

    private static ByteBuffer read(Path file, FileChannel channel, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new StoredBackupException(
                        "could not read file \"" + file + "\": read " + buffer.position() + " of " + size);
            }
        }
        return buffer.flip();
    }

    Path file() {
        return file;
    }

    boolean isWhole() {
        return headerBytes == 0;
    }

    /** The numbers of the blocks that it holds, in the order in which it holds them. */
    int[] blocks() {
        return blocks;
    }

    int truncationLength() {
        return truncationLength;
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Where the block stands that is the {@code index}th of an incremental file, or has that number in a whole one. */
    long offset(int index) {
        return headerBytes + (long) index * BLOCK;
    }

    void willRead(long offset) {
        blocksRead++;
        highestEnd = Math.max(highestEnd, offset + BLOCK);
    }

    void read(long offset, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            int before = target.position();
            if (channel.read(target, offset + before) < 0) {
                throw new StoredBackupException("could not read from file \"" + file + "\", offset " + offset
                        + ": read " + before + " of " + BLOCK);
            }
        }
    }

    /** Says how many blocks came from here, and on a dry run whether they would have been there. */
    void report(CombinationListener listener, boolean dryRun) throws IOException {
        if (blocksRead == 0) {
            return;
        }
        listener.debug((dryRun ? "would have read " : "read ") + blocksRead + " blocks from \"" + file + "\"");
        if (dryRun && size() < highestEnd) {
            throw new StoredBackupException(
                    "file \"" + file + "\" is too short: expected " + highestEnd + ", found " + size());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
