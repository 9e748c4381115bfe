package org.pgark.postgres.wal;

import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;

/** The layout of a WAL page's header: {@code XLogPageHeaderData} and, on a segment's first page, its long form. */
final class WalPage {
    static final int SHORT_HEADER_BYTES = 24;
    static final int LONG_HEADER_BYTES = 40;

    private static final int MAGIC = 0;
    private static final int FLAGS = 2;
    private static final int TIMELINE = 4;
    private static final int ADDRESS = 8;
    private static final int REMAINING_LENGTH = 16;
    private static final int SYSTEM_IDENTIFIER = 24;
    private static final int SEGMENT_SIZE = 32;
    private static final int BLOCK_SIZE = 36;

    private static final int FIRST_IS_CONTINUED = 1;
    private static final int LONG_HEADER = 2;
    private static final int FIRST_IS_OVERWRITTEN = 8;
    private static final int ALL_FLAGS = 15;

    private WalPage() {}

    static int magic(byte[] page, int base) {
        return LittleEndian.unsignedShort(page, base + MAGIC);
    }

    static Optional<PostgresMajor> major(byte[] page, int base) {
        int magic = magic(page, base);
        for (PostgresMajor major : PostgresMajor.values()) {
            if (major.walPageMagic() == magic) {
                return Optional.of(major);
            }
        }
        return Optional.empty();
    }

    /** Whether the page begins with the rest of a record. */
    static boolean isContinued(byte[] page, int base) {
        return (LittleEndian.unsignedShort(page, base + FLAGS) & FIRST_IS_CONTINUED) != 0;
    }

    static boolean isLong(byte[] page, int base) {
        return (LittleEndian.unsignedShort(page, base + FLAGS) & LONG_HEADER) != 0;
    }

    /** Whether the record that the page before ended in was given up by a server that crashed. */
    static boolean isOverwritten(byte[] page, int base) {
        return (LittleEndian.unsignedShort(page, base + FLAGS) & FIRST_IS_OVERWRITTEN) != 0;
    }

    static boolean hasUnknownFlags(byte[] page, int base) {
        return (LittleEndian.unsignedShort(page, base + FLAGS) & ~ALL_FLAGS) != 0;
    }

    static int timeline(byte[] page, int base) {
        return LittleEndian.integer(page, base + TIMELINE);
    }

    static long address(byte[] page, int base) {
        return LittleEndian.longInteger(page, base + ADDRESS);
    }

    /** How many bytes of the continued record were still to come where this page begins. */
    static int remainingLength(byte[] page, int base) {
        return LittleEndian.integer(page, base + REMAINING_LENGTH);
    }

    static int headerBytes(byte[] page, int base) {
        return isLong(page, base) ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
    }

    /** @throws IllegalArgumentException if a field has a value that no server writes */
    static WalSegmentHeader segmentHeader(byte[] page, int base, PostgresMajor major) {
        int blockSize = LittleEndian.integer(page, base + BLOCK_SIZE);
        if (Integer.bitCount(blockSize) != 1 || blockSize < 1 << 10 || blockSize > 1 << 16) {
            throw new IllegalArgumentException("invalid WAL block size " + blockSize);
        }
        return new WalSegmentHeader(
                major,
                new Timeline(timeline(page, base)),
                new Lsn(address(page, base)),
                new SystemIdentifier(LittleEndian.longInteger(page, base + SYSTEM_IDENTIFIER)),
                new WalSegmentSize(LittleEndian.integer(page, base + SEGMENT_SIZE)),
                blockSize);
    }

    /**
     * Where {@code bytes} of a record's content end that begin at {@code from}, page headers on the way counted in and
     * rounded up to where the next record can begin.
     */
    static Lsn endOfRecord(Lsn from, long bytes, int blockSize, WalSegmentSize segmentSize) {
        long position = from.value();
        long left = bytes;
        while (true) {
            if (position % blockSize == 0) {
                position += position % segmentSize.bytes() == 0 ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
            }
            long room = blockSize - position % blockSize;
            if (left <= room) {
                return new Lsn(WalRecord.aligned(position + left));
            }
            left -= room;
            position += room;
        }
    }
}
