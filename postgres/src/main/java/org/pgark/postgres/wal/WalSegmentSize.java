package org.pgark.postgres.wal;

/**
 * The size of every WAL segment of a cluster, chosen at initdb.
 *
 * @param bytes a power of two from 1 MiB to 1 GiB
 */
public record WalSegmentSize(int bytes) {
    /** 16 MiB, what initdb takes when nothing is said. */
    public static final WalSegmentSize DEFAULT = new WalSegmentSize(16 << 20);

    public WalSegmentSize {
        if (Integer.bitCount(bytes) != 1 || bytes < 1 << 20 || bytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "invalid WAL segment size " + bytes + ", must be a power of two from 1 MiB to 1 GiB");
        }
    }

    /** How many segments share the middle eight digits of a name: 2^32 / size. */
    public long segmentsPerLogId() {
        return (1L << 32) / bytes;
    }
}
