package org.pgark.postgres.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.pgark.postgres.Lsn;

/** Judges pages of clusters that have data checksums. */
public final class PageVerifier {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int CHECKSUM = 8;
    private static final int UPPER = 14;
    private static final byte[] ZEROES = new byte[PageChecksum.PAGE_BYTES];

    private PageVerifier() {}

    /**
     * Judges one page. A verdict other than {@link PageVerdict#VALID} and {@link PageVerdict#NEW} on a page of a running
     * server is worth a second read: the first may have met a write half-way.
     *
     * @param buffer holds the page of {@link PageChecksum#PAGE_BYTES} bytes
     * @param offset where it begins
     * @param blockNumber its number in the whole relation fork, not in the file
     * @param backupStart pages with an LSN at or after it are rewritten by recovery, so that they may be torn
     */
    public static PageVerdict verify(byte[] buffer, int offset, int blockNumber, Lsn backupStart) {
        if (field(buffer, offset + UPPER) == 0) {
            return isZero(buffer, offset) ? PageVerdict.NEW : PageVerdict.DAMAGED;
        }
        if (storedChecksum(buffer, offset) == PageChecksum.compute(buffer, offset, blockNumber)) {
            return PageVerdict.VALID;
        }
        return pageLsn(buffer, offset).isBefore(backupStart) ? PageVerdict.DAMAGED : PageVerdict.RECENT;
    }

    /** The position of the WAL record that last changed the page. */
    public static Lsn pageLsn(byte[] buffer, int offset) {
        int high = (int) INT.get(buffer, offset);
        int low = (int) INT.get(buffer, offset + Integer.BYTES);
        return new Lsn((long) high << 32 | Integer.toUnsignedLong(low));
    }

    /** The checksum that the page stores. */
    public static int storedChecksum(byte[] buffer, int offset) {
        return field(buffer, offset + CHECKSUM);
    }

    private static int field(byte[] buffer, int offset) {
        return Short.toUnsignedInt((short) SHORT.get(buffer, offset));
    }

    private static boolean isZero(byte[] buffer, int offset) {
        return Arrays.equals(buffer, offset, offset + PageChecksum.PAGE_BYTES, ZEROES, 0, PageChecksum.PAGE_BYTES);
    }
}
