package org.pgark.postgres.wal.summary;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Reads a WAL summary: a magic number; for each fork 24 bytes (tablespace, database, relation, fork, limit, count of
 * chunks), the chunks' sizes in 16 bits each, and the chunks; 24 zero bytes; a CRC-32C of all before. A chunk covers 65,536
 * blocks: of 4,096 words it is a map of bits, of fewer it is a list of block numbers. Source: common/blkreftable.c.
 */
public final class WalSummaryFile {
    /** A file that is no summary, or damaged; the message is PostgreSQL's. */
    public static final class DamagedSummaryException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedSummaryException(String message) {
            super(message);
        }
    }

    private static final int MAGIC = 0x652b137b;
    private static final int ENTRY_BYTES = 24;
    private static final int CHUNK_BLOCKS = 1 << 16;
    private static final int WORDS_OF_MAP = 4096;
    private static final int MOST_CHUNKS = 1 << 16;

    private final String name;
    private final InputStream in;
    private final CRC32C crc = new CRC32C();

    private WalSummaryFile(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /**
     * Reads a file.
     *
     * @throws DamagedSummaryException if it is no summary, or damaged
     */
    public static void read(Path file, SummaryVisitor visitor) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            new WalSummaryFile(file.toString(), in).read(visitor);
        }
    }

    private void read(SummaryVisitor visitor) throws IOException {
        int magic = bytes(4).getInt();
        if (magic != MAGIC) {
            throw new DamagedSummaryException("file \"" + name + "\" has wrong magic number: expected "
                    + Integer.toUnsignedString(MAGIC) + ", found " + Integer.toUnsignedString(magic));
        }
        while (true) {
            ByteBuffer entry = bytes(ENTRY_BYTES);
            if (isZero(entry)) {
                checkSum();
                return;
            }
            int tablespace = entry.getInt();
            int database = entry.getInt();
            int relation = entry.getInt();
            int fork = entry.getInt();
            int limit = entry.getInt();
            int chunks = entry.getInt();
            if (chunks < 0 || chunks > MOST_CHUNKS) {
                throw ended();
            }
            visitor.fork(tablespace, database, relation, fork, limit, blocks(chunks));
        }
    }

    private static boolean isZero(ByteBuffer entry) {
        return entry.getLong(0) == 0 && entry.getLong(8) == 0 && entry.getLong(16) == 0;
    }

    private void checkSum() throws IOException {
        int expected = (int) crc.getValue();
        int found = bytes(4).getInt();
        if (expected != found) {
            throw new DamagedSummaryException(String.format(
                    Locale.ROOT, "file \"%s\" has wrong checksum: expected %08X, found %08X", name, expected, found));
        }
        if (in.read() >= 0) {
            throw new DamagedSummaryException("file \"" + name + "\" has trailing garbage after checksum");
        }
    }

    private int[] blocks(int chunks) throws IOException {
        ByteBuffer sizes = bytes(2 * chunks);
        int[] blocks = new int[256];
        int count = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            int words = Short.toUnsignedInt(sizes.getShort());
            if (words > WORDS_OF_MAP) {
                throw ended();
            }
            ByteBuffer content = bytes(2 * words);
            int first = chunk * CHUNK_BLOCKS;
            for (int i = 0; i < words; i++) {
                int word = Short.toUnsignedInt(content.getShort());
                if (count + 16 > blocks.length) {
                    blocks = Arrays.copyOf(blocks, blocks.length * 2);
                }
                if (words < WORDS_OF_MAP) {
                    blocks[count++] = first + word;
                } else {
                    for (int bit = 0; bit < 16; bit++) {
                        if ((word & 1 << bit) != 0) {
                            blocks[count++] = first + i * 16 + bit;
                        }
                    }
                }
            }
        }
        int[] sorted = Arrays.copyOf(blocks, count);
        sortUnsigned(sorted);
        return sorted;
    }

    private static void sortUnsigned(int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] ^= Integer.MIN_VALUE;
        }
        Arrays.sort(numbers);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] ^= Integer.MIN_VALUE;
        }
    }

    private ByteBuffer bytes(int size) throws IOException {
        byte[] content = in.readNBytes(size);
        if (content.length < size) {
            throw ended();
        }
        crc.update(content);
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    private DamagedSummaryException ended() {
        return new DamagedSummaryException("file \"" + name + "\" ends unexpectedly");
    }
}
