package org.pgark.postgres.wal;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;

/**
 * Reads WAL records one after the other, beginning anywhere, from pages that it asks for, and says of invalid WAL what
 * PostgreSQL's own reader says of it, word for word. For programs that must behave as PostgreSQL's; {@link WalReader}, to
 * which WAL is fed, tells more of what it finds and is faster.
 *
 * <p>After {@link #next} returned false for want of more WAL it can be called again: it tries the same place anew. Not
 * thread-safe.
 */
public final class WalCursor {
    /*
     * What is checked, in which order, and where reading goes on follows XLogDecodeNextRecord, XLogFindNextRecord and
     * XLogReaderValidatePageHeader of access/transam/xlogreader.c (version 18).
     */
    private static final int PAGE_BYTES = 8192;
    private static final long MAXIMUM_RECORD_BYTES = 1 << 30;
    private static final int HEADER = WalRecord.HEADER_BYTES;

    private final WalPageSource source;
    private final WalSegmentSize segmentSize;
    private final WalRecord record = new WalRecord();
    private final RecordAssembly assembly = new RecordAssembly();
    private final CRC32C crc = new CRC32C();

    private final byte[] page = new byte[PAGE_BYTES];
    private long pageStart;
    private int pageFilled;
    private long pageSegment = -1;
    private long latestPage;
    private int latestTimeline;
    private @Nullable PostgresMajor major;

    private long nextPosition;
    private long lastDecoded;
    private long lastRead;
    private String message = "";

    /** A record that a crash cut off, while the one that takes its place is looked for. */
    private boolean restarting;

    private long pageToRestartAt;

    public WalCursor(WalPageSource source, WalSegmentSize segmentSize) {
        this.source = source;
        this.segmentSize = segmentSize;
    }

    /**
     * Goes to before the first record that begins at a position or after it.
     *
     * @return where it begins; empty if no valid record follows
     */
    public Optional<Lsn> find(Lsn position) throws IOException {
        Optional<Lsn> first = firstAfterContinuation(position.value());
        if (first.isPresent()) {
            begin(first.get().value());
            while (next()) {
                long found = lastRead;
                if (Long.compareUnsigned(position.value(), found) <= 0) {
                    begin(found);
                    return Optional.of(new Lsn(found));
                }
            }
        }
        forgetPage();
        return Optional.empty();
    }

    private Optional<Lsn> firstAfterContinuation(long from) throws IOException {
        long position = from;
        while (true) {
            int offset = (int) Long.remainderUnsigned(position, PAGE_BYTES);
            long start = position - offset;
            if (!fill(start, offset) || !fill(start, WalPage.headerBytes(page, 0))) {
                return Optional.empty();
            }
            int header = WalPage.headerBytes(page, 0);
            if (!WalPage.isContinued(page, 0)) {
                return Optional.of(new Lsn(start + header));
            }
            long rest = WalRecord.aligned(Integer.toUnsignedLong(WalPage.remainingLength(page, 0)));
            if (rest < PAGE_BYTES - header) {
                return Optional.of(new Lsn(start + header + rest));
            }
            position = start + PAGE_BYTES;
        }
    }

    private void begin(long position) {
        nextPosition = position;
        lastDecoded = 0;
        lastRead = 0;
        message = "";
    }

    /** Goes to the next record; false if there is none, why {@link #message} tells. */
    public boolean next() throws IOException {
        message = "";
        long position = nextPosition;
        do {
            restarting = false;
            if (decodeAt(position)) {
                lastRead = lastDecoded;
                return true;
            }
            position = restarting ? pageToRestartAt : position;
        } while (restarting);
        forgetPage();
        return false;
    }

    /** The record that {@link #next} went to; the same object each time, valid until the next call. */
    public WalRecord record() {
        return record;
    }

    /** Which PostgreSQL wrote the WAL; to be asked after a record was found. */
    public PostgresMajor major() {
        if (major == null) {
            throw new IllegalStateException("no page was read");
        }
        return major;
    }

    /** What is wrong where there is no next record, in PostgreSQL's words; empty if only no more WAL was to be had. */
    public String message() {
        return message;
    }

    /** Where the record begins that was gone to last. */
    public Lsn position() {
        return new Lsn(lastRead);
    }

    private boolean decodeAt(long from) throws IOException {
        boolean random = lastDecoded == 0;
        int offset = (int) Long.remainderUnsigned(from, PAGE_BYTES);
        long start = from - offset;
        if (!fill(start, Math.min(offset + HEADER, PAGE_BYTES))) {
            return false;
        }
        int pageHeader = WalPage.headerBytes(page, 0);
        if (offset == 0) {
            offset = pageHeader;
        } else if (offset < pageHeader) {
            return fail(
                    "invalid record offset at " + lsn(from) + ": expected at least " + pageHeader + ", got " + offset);
        }
        long position = start + offset;
        if (WalPage.isContinued(page, 0) && offset == pageHeader) {
            return fail("contrecord is requested by " + lsn(position));
        }
        long length = Integer.toUnsignedLong(LittleEndian.integer(page, offset));
        boolean headerSeen = offset <= PAGE_BYTES - HEADER;
        if (headerSeen && !checkHeader(page, offset, position, random)) {
            return false;
        }
        if (!headerSeen && length < HEADER) {
            return failLength(position, length);
        }
        if (length > PAGE_BYTES - offset) {
            return assemble(start, offset, length, headerSeen, random);
        }
        if (!fill(start, (int) Math.min(offset + length, PAGE_BYTES))) {
            return false;
        }
        crc.reset();
        crc.update(page, offset + HEADER, (int) length - HEADER);
        crc.update(page, offset, WalRecord.CRC_OFFSET);
        record.show(page, offset, (int) length, (int) length);
        return accept(
                position,
                position + WalRecord.aligned(length),
                (int) crc.getValue() == WalRecord.storedCrc(page, offset));
    }

    /** Gathers a record that goes on on other pages. */
    private boolean assemble(long firstPage, int offset, long length, boolean headerSeen, boolean random)
            throws IOException {
        long position = firstPage + offset;
        int present = PAGE_BYTES - offset;
        long got = present;
        boolean checked = headerSeen;
        assembly.begin(position, (int) Math.min(length, Integer.MAX_VALUE));
        assembly.add(page, offset, present);
        long start = firstPage;
        long end = position;
        while (got < length) {
            start += PAGE_BYTES;
            if (!fill(start, WalPage.SHORT_HEADER_BYTES)) {
                return false;
            }
            if (WalPage.isOverwritten(page, 0)) {
                restarting = true;
                pageToRestartAt = start;
                return false;
            }
            if (!WalPage.isContinued(page, 0)) {
                return fail("there is no contrecord flag at " + lsn(position));
            }
            long rest = Integer.toUnsignedLong(WalPage.remainingLength(page, 0));
            if (rest == 0 || length != rest + got || length > MAXIMUM_RECORD_BYTES) {
                return fail(
                        "invalid contrecord length " + rest + " (expected " + (length - got) + ") at " + lsn(position));
            }
            int header = WalPage.headerBytes(page, 0);
            present = (int) Math.min(rest, PAGE_BYTES - header);
            if (!fill(start, header + present)) {
                return false;
            }
            assembly.add(page, header, present);
            got += present;
            end = start + header + WalRecord.aligned(rest);
            if (!checked) {
                if (!checkHeader(assembly.bytes(), 0, position, random)) {
                    return false;
                }
                checked = true;
            }
        }
        record.show(assembly.bytes(), 0, assembly.kept(), assembly.length());
        return accept(position, end, assembly.isSound());
    }

    private boolean checkHeader(byte[] bytes, int offset, long position, boolean random) {
        long length = Integer.toUnsignedLong(LittleEndian.integer(bytes, offset));
        if (length < HEADER) {
            return failLength(position, length);
        }
        int manager = WalRecord.resourceManager(bytes, offset);
        if (!ResourceManager.isKnown(manager)) {
            return fail("invalid resource manager ID " + manager + " at " + lsn(position));
        }
        long previous = WalRecord.previous(bytes, offset);
        if (random ? Long.compareUnsigned(previous, position) >= 0 : previous != lastDecoded) {
            return fail("record with incorrect prev-link " + lsn(previous) + " at " + lsn(position));
        }
        return true;
    }

    private boolean accept(long position, long end, boolean sound) {
        if (!sound) {
            return fail("incorrect resource manager data checksum in record at " + lsn(position));
        }
        lastDecoded = position;
        nextPosition = end;
        if (record.isSwitch()) {
            long last = end + segmentSize.bytes() - 1;
            nextPosition = last - Long.remainderUnsigned(last, segmentSize.bytes());
        }
        if (!record.decode(major()).isEmpty()) {
            return fail("record with invalid length at " + lsn(lastRead));
        }
        record.place(position, nextPosition);
        return true;
    }

    /** Has at least so much of a page in {@link #page}, and its whole header, which is valid. */
    private boolean fill(long start, int needed) throws IOException {
        if (pageFilled > 0 && start == pageStart && needed <= pageFilled) {
            return true;
        }
        pageFilled = 0;
        long segment = Long.divideUnsigned(start, segmentSize.bytes());
        long offset = Long.remainderUnsigned(start, segmentSize.bytes());
        if (segment != pageSegment && offset != 0) {
            if (source.read(start - offset, PAGE_BYTES, page) < 0 || !checkPage(start - offset)) {
                forgetPage();
                return false;
            }
        }
        int filled = source.read(start, Math.max(needed, WalPage.SHORT_HEADER_BYTES), page);
        if (filled > WalPage.SHORT_HEADER_BYTES && filled < WalPage.headerBytes(page, 0)) {
            filled = source.read(start, WalPage.headerBytes(page, 0), page);
        }
        if (filled <= WalPage.SHORT_HEADER_BYTES || !checkPage(start)) {
            forgetPage();
            return false;
        }
        pageStart = start;
        pageFilled = filled;
        pageSegment = segment;
        return true;
    }

    private void forgetPage() {
        pageFilled = 0;
        pageSegment = -1;
    }

    private boolean checkPage(long start) {
        long offset = Long.remainderUnsigned(start, segmentSize.bytes());
        int magic = WalPage.magic(page, 0);
        Optional<PostgresMajor> found = WalPage.major(page, 0);
        if (found.isEmpty() || (major != null && major != found.get())) {
            return failAt(start, offset, String.format(Locale.ROOT, "invalid magic number %04X", magic));
        }
        int info = LittleEndian.unsignedShort(page, 2);
        if (WalPage.hasUnknownFlags(page, 0) || (!WalPage.isLong(page, 0) && offset == 0)) {
            return failAt(start, offset, String.format(Locale.ROOT, "invalid info bits %04X", info));
        }
        if (WalPage.isLong(page, 0)) {
            if (LittleEndian.integer(page, 32) != segmentSize.bytes()) {
                return fail("WAL file is from different database system: incorrect segment size in page header");
            }
            if (LittleEndian.integer(page, 36) != PAGE_BYTES) {
                return fail("WAL file is from different database system: incorrect XLOG_BLCKSZ in page header");
            }
        }
        long address = WalPage.address(page, 0);
        if (address != start) {
            return failAt(start, offset, "unexpected pageaddr " + lsn(address));
        }
        int timeline = WalPage.timeline(page, 0);
        if (Long.compareUnsigned(start, latestPage) > 0 && Integer.compareUnsigned(timeline, latestTimeline) < 0) {
            return failAt(
                    start,
                    offset,
                    "out-of-sequence timeline ID " + Integer.toUnsignedString(timeline) + " (after "
                            + Integer.toUnsignedString(latestTimeline) + ")");
        }
        latestPage = start;
        latestTimeline = timeline;
        major = found.get();
        return true;
    }

    private boolean failAt(long start, long offset, String what) {
        message = what + " in WAL segment " + source.segmentName(start) + ", LSN " + lsn(start) + ", offset " + offset;
        return false;
    }

    private boolean fail(String what) {
        message = what;
        return false;
    }

    private boolean failLength(long position, long length) {
        String words = major().compareTo(PostgresMajor.V16) < 0 ? "wanted " : "expected at least ";
        return fail("invalid record length at " + lsn(position) + ": " + words + HEADER + ", got " + length);
    }

    private static String lsn(long position) {
        return new Lsn(position).toString();
    }
}
