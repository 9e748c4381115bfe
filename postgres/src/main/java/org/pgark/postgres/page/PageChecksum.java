package org.pgark.postgres.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/** The checksum that a page of a relation file carries when the cluster has data checksums. */
public final class PageChecksum {
    /*
     * 32 sums run beside each other, sum n over the words n, n+32, n+64 ... of the page, so that the inner loop has no
     * dependency between its rounds: the JIT compiler turns it into vector instructions as long as it stays this plain
     * (an int read straight from the byte array, one array of sums).
     */
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The only page size that pgark reads, in bytes. */
    public static final int PAGE_BYTES = 8192;

    private static final int LANES = 32;
    private static final int ROW_BYTES = LANES * Integer.BYTES;
    private static final int PRIME = 16777619;

    /** The lane whose first word holds the stored checksum in its lower half. */
    private static final int CHECKSUM_LANE = 2;

    private static final int[] SEEDS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private PageChecksum() {}

    /**
     * Computes the checksum of a page; the two bytes that store it are taken as zero.
     *
     * @param buffer holds the page
     * @param offset where it begins
     * @param blockNumber its number in the whole relation fork, not in the file
     * @return 1 to 65535
     */
    public static int compute(byte[] buffer, int offset, int blockNumber) {
        Objects.checkFromIndexSize(offset, PAGE_BYTES, buffer.length);
        int[] sums = SEEDS.clone();
        firstRow(sums, buffer, offset);
        for (int row = offset + ROW_BYTES; row < offset + PAGE_BYTES; row += ROW_BYTES) {
            for (int lane = 0; lane < LANES; lane++) {
                int mixed = sums[lane] ^ (int) WORD.get(buffer, row + lane * Integer.BYTES);
                sums[lane] = mixed * PRIME ^ (mixed >>> 17);
            }
        }
        return fold(sums, blockNumber);
    }

    private static void firstRow(int[] sums, byte[] buffer, int offset) {
        for (int lane = 0; lane < LANES; lane++) {
            int word = (int) WORD.get(buffer, offset + lane * Integer.BYTES);
            int mixed = sums[lane] ^ (lane == CHECKSUM_LANE ? word & 0xFFFF_0000 : word);
            sums[lane] = mixed * PRIME ^ (mixed >>> 17);
        }
    }

    private static int fold(int[] sums, int blockNumber) {
        int folded = blockNumber;
        for (int lane = 0; lane < LANES; lane++) {
            int once = sums[lane] * PRIME ^ (sums[lane] >>> 17);
            folded ^= once * PRIME ^ (once >>> 17);
        }
        return Integer.remainderUnsigned(folded, 65535) + 1;
    }
}
