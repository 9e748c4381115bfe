package org.pgark.postgres.wal;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.pgark.postgres.Lsn;

/** Gathers the pieces of a record that crosses pages; memory grows only as pieces come, whatever length the record says. */
final class RecordAssembly {
    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[64 << 10];
    private long start;
    private int length;
    private int gathered;

    void begin(long recordStart, int recordLength) {
        start = recordStart;
        length = recordLength;
        gathered = 0;
        crc.reset();
    }

    void add(byte[] source, int offset, int size) {
        int wanted = Math.min(size, WalRecord.KEPT_BYTES - kept());
        if (wanted > 0) {
            if (gathered + wanted > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(gathered + wanted, bytes.length * 2));
            }
            System.arraycopy(source, offset, bytes, gathered, wanted);
        }
        int uncovered = Math.min(size, Math.max(0, WalRecord.HEADER_BYTES - gathered));
        crc.update(source, offset + uncovered, size - uncovered);
        gathered += size;
    }

    /** The CRC-32C of what has been gathered behind the header. */
    int sumBehindHeader() {
        return (int) crc.getValue();
    }

    int missing() {
        return length - gathered;
    }

    /** Whether the CRC of the whole record is right; to be asked once, when nothing is missing. */
    boolean isSound() {
        crc.update(bytes, 0, WalRecord.CRC_OFFSET);
        return (int) crc.getValue() == WalRecord.storedCrc(bytes, 0);
    }

    long start() {
        return start;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    int kept() {
        return Math.min(gathered, WalRecord.KEPT_BYTES);
    }

    /** What has been gathered, of a record that no recovery target is made of only what names its pages. */
    CutRecordTail tail() {
        boolean wanted = gathered < WalRecord.HEADER_BYTES
                || WalRecord.resourceManager(bytes, 0) == ResourceManager.XLOG
                || WalRecord.resourceManager(bytes, 0) == ResourceManager.TRANSACTION;
        int size = wanted ? CutRecordTail.KEPT_BYTES : CutRecordTail.HEADERS_BYTES;
        return new CutRecordTail(new Lsn(start), gathered, Bytes.copyOf(bytes, 0, Math.min(gathered, size)));
    }
}
