package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;

/**
 * One WAL record, as a view into the reader's memory: it is the same object for every record, and making no new ones is
 * what lets the reader be fast. Of a record longer than {@link #KEPT_BYTES} only the beginning is kept.
 */
public final class WalRecord {
    /** How much of a record is kept, in bytes. */
    public static final int KEPT_BYTES = 16 << 20;

    static final int HEADER_BYTES = 24;

    /** Where the CRC stands; it covers what comes after the header, and then the header up to here. */
    static final int CRC_OFFSET = 20;

    private static final int XID = 4;
    private static final int PREVIOUS = 8;
    private static final int INFO = 16;
    private static final int RESOURCE_MANAGER = 17;

    private static final int KIND_MASK = 0xF0;
    private static final int SWITCH = 0x40;

    private final WalBlocks blocks = new WalBlocks();
    private byte[] bytes = new byte[0];
    private int offset;
    private int kept;
    private int length;
    private long start;
    private long end;

    WalRecord() {}

    /** Lets the view show the record that begins at {@code offset}; its content is there after {@link #decode}. */
    void show(byte[] source, int sourceOffset, int keptBytes, int totalBytes) {
        bytes = source;
        offset = sourceOffset;
        kept = keptBytes;
        length = totalBytes;
    }

    void place(long startPosition, long endPosition) {
        start = startPosition;
        end = endPosition;
    }

    /** Reads the headers of blocks and main data; tells what is wrong with them, or nothing. */
    String decode(PostgresMajor major) {
        return blocks.decode(bytes, offset, kept, length, major);
    }

    static int aligned(int size) {
        return (size + 7) & ~7;
    }

    static long aligned(long position) {
        return (position + 7) & ~7L;
    }

    static int storedCrc(byte[] source, int recordOffset) {
        return LittleEndian.integer(source, recordOffset + CRC_OFFSET);
    }

    static int resourceManager(byte[] source, int recordOffset) {
        return LittleEndian.unsignedByte(source, recordOffset + RESOURCE_MANAGER);
    }

    static long previous(byte[] source, int recordOffset) {
        return LittleEndian.longInteger(source, recordOffset + PREVIOUS);
    }

    /** Whether what follows in the segment is void. */
    boolean isSwitch() {
        return resourceManager() == ResourceManager.XLOG && kind() == SWITCH;
    }

    /** Where it begins. */
    public Lsn start() {
        return new Lsn(start);
    }

    /** Where it ends, rounded up to 8 bytes; for a switch, the segment's end. */
    public Lsn end() {
        return new Lsn(end);
    }

    /** Its whole length in bytes, page headers not counted in. */
    public int length() {
        return length;
    }

    /** The 32-bit id of the transaction that wrote it, 0 for none, to be read as unsigned. */
    public int transactionId() {
        return LittleEndian.integer(bytes, offset + XID);
    }

    /** Where the record before it begins. */
    public Lsn previous() {
        return new Lsn(previous(bytes, offset));
    }

    /** The number of the resource manager that wrote it, 0 to 255, see {@link ResourceManager}. */
    public int resourceManager() {
        return resourceManager(bytes, offset);
    }

    /** What kind of record of that resource manager it is: its {@code xl_info}, flags included. */
    public int info() {
        return LittleEndian.unsignedByte(bytes, offset + INFO);
    }

    /** The part of {@link #info} that belongs to the resource manager. */
    int kind() {
        return info() & KIND_MASK;
    }

    /** The pages that it changes. */
    public WalBlocks blocks() {
        return blocks;
    }

    /** How many bytes of main data can be read; less than it has where the record is longer than what is kept. */
    public int mainDataBytes() {
        return blocks.mainDataBytes();
    }

    /** The main data, as far as it is kept. */
    public RecordPart mainData() {
        return blocks.mainData();
    }

    /** The replication origin of what the record does, 0 for none. */
    public int origin() {
        return blocks.origin();
    }

    /** The byte at an offset of the main data. */
    public byte mainDataByte(int at) {
        return bytes[mainDataOffset(at, 1)];
    }

    /** The 32-bit number at an offset of the main data. */
    public int mainDataInt(int at) {
        return LittleEndian.integer(bytes, mainDataOffset(at, Integer.BYTES));
    }

    /** The 64-bit number at an offset of the main data. */
    public long mainDataLong(int at) {
        return LittleEndian.longInteger(bytes, mainDataOffset(at, Long.BYTES));
    }

    private int mainDataOffset(int at, int size) {
        if (at < 0 || at > mainDataBytes() - size) {
            throw new IndexOutOfBoundsException(
                    "main data of " + mainDataBytes() + " bytes has no " + size + " bytes at " + at);
        }
        return blocks.mainDataOffset() + at;
    }
}
