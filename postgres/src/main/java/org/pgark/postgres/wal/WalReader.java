package org.pgark.postgres.wal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalEnd.Reason;

/**
 * Reads the records of WAL that streams by, from a segment's start on, over any number of segments; a record that began
 * earlier is passed over.
 *
 * <pre>{@code
 * WalReader reader = new WalReader(segment.start(size));
 * while (channel.read(buffer) > 0) {
 *     reader.feed(buffer.flip());
 *     while (reader.next()) {
 *         use(reader.record());
 *     }
 *     buffer.clear();
 * }
 * WalEnd end = reader.end();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class WalReader {
    /*
     * Bytes are copied page by page into an array, so that whatever the chunks' sizes are, a page is whole when it is
     * looked at. Records within a page are looked at in place, those that cross pages are gathered first. What is
     * checked, and what ends the WAL, follows XLogDecodeNextRecord and XLogReaderValidatePageHeader.
     */
    private enum Mode {
        /** Before the first page, whose header tells the page size. */
        OPENING,
        /** In a record that began before the first page. */
        IN_FOREIGN_RECORD,
        /** Where a record begins. */
        AT_RECORD,
        /** In a record that crosses pages. */
        IN_RECORD,
        /** After a switch, on the way to the segment's end. */
        IN_VOID
    }

    private static final int MAXIMUM_RECORD_BYTES = 1 << 30;
    private static final String ONLY_ZEROES = "only zeroes follow";

    private final WalRecord record = new WalRecord();
    private final RecordAssembly assembly = new RecordAssembly();
    private final CRC32C crc = new CRC32C();

    private ByteBuffer input = ByteBuffer.allocate(0);
    private byte[] page = new byte[WalPage.LONG_HEADER_BYTES];
    private int filled;
    private boolean pageReady;
    private int cursor;
    private long pageStart;

    private Mode mode = Mode.OPENING;
    private @Nullable WalSegmentHeader header;
    private int lastTimeline;
    private CutRecordHead head = CutRecordHead.NONE;
    private int foreignBytesLeft;
    private long lastRecord;
    private long validEnd;
    private @Nullable WalEnd end;

    /** @param start the position of the first byte that will be fed, a segment's start */
    public WalReader(Lsn start) {
        pageStart = start.value();
        validEnd = start.value();
    }

    /** Gives the next bytes; {@link #next} must have returned false since the last call. */
    public void feed(ByteBuffer bytes) {
        input = bytes;
    }

    /** Goes to the next complete record whose CRC is right; false if more bytes are needed or valid WAL has ended. */
    public boolean next() {
        while (end == null) {
            if (pageReady) {
                if (nextInPage()) {
                    return true;
                }
                leavePage();
            } else if (fillPage()) {
                enterPage();
            } else {
                return false;
            }
        }
        return false;
    }

    /** The record that {@link #next} went to; the same object each time, valid until the next call. */
    public WalRecord record() {
        return record;
    }

    /** Whether valid WAL has ended before the bytes did, so that more of them change nothing. */
    public boolean hasEnded() {
        return end != null;
    }

    /** Where valid WAL ends, as far as was fed. */
    public WalEnd end() {
        if (end != null) {
            return end;
        }
        return new WalEnd(new Lsn(validEnd), mode == Mode.IN_VOID ? Reason.SWITCH : Reason.INPUT_END, "");
    }

    /** The header of the first page; empty until its first bytes were fed and as long as they are none. */
    public Optional<WalSegmentHeader> header() {
        return Optional.ofNullable(header);
    }

    /** What the first bytes hold of a record that began before them. */
    CutRecordHead head() {
        return head;
    }

    /** What the last bytes hold of a record that goes on after them. */
    CutRecordTail tail() {
        return end == null && mode == Mode.IN_RECORD ? assembly.tail() : CutRecordTail.NONE;
    }

    private boolean fillPage() {
        int size = Math.min(page.length - filled, input.remaining());
        input.get(page, filled, size);
        filled += size;
        return filled == page.length;
    }

    private void leavePage() {
        pageReady = false;
        filled = 0;
        pageStart += page.length;
    }

    private void enterPage() {
        if (header == null) {
            open();
            return;
        }
        boolean segmentStart = pageStart % header.segmentSize().bytes() == 0;
        pageReady = true;
        cursor = page.length;
        if (mode == Mode.IN_VOID && !segmentStart) {
            return;
        }
        if (checkPage(header, segmentStart)) {
            lastTimeline = WalPage.timeline(page);
            cursor = WalPage.headerBytes(page);
            beginPage();
        }
    }

    /** Reads the header of the first page and makes room for the rest of the page. */
    private void open() {
        Optional<PostgresMajor> major = WalPage.major(page);
        if (isZeroFrom(0)) {
            finish(Reason.ZEROES, ONLY_ZEROES);
        } else if (major.isEmpty() || !WalPage.isLong(page)) {
            finish(Reason.INVALID, "there is no segment's header at " + new Lsn(pageStart));
        } else {
            try {
                header = WalPage.segmentHeader(page, major.get());
                page = Arrays.copyOf(page, header.blockSize());
            } catch (IllegalArgumentException e) {
                finish(Reason.INVALID, String.valueOf(e.getMessage()));
            }
        }
    }

    private boolean checkPage(WalSegmentHeader expected, boolean segmentStart) {
        if (WalPage.magic(page) == 0 && isZeroFrom(0)) {
            return finish(Reason.ZEROES, ONLY_ZEROES);
        }
        if (WalPage.magic(page) != expected.major().walPageMagic() || WalPage.hasUnknownFlags(page)) {
            return finish(Reason.INVALID, "there is no page header at " + new Lsn(pageStart));
        }
        if (WalPage.address(page) != pageStart) {
            return finish(
                    Reason.RECYCLED,
                    "the page at " + new Lsn(pageStart) + " is left over from " + new Lsn(WalPage.address(page)));
        }
        if (WalPage.isLong(page) != segmentStart || (segmentStart && !isOfSameCluster(expected))) {
            return finish(Reason.INVALID, "the page at " + new Lsn(pageStart) + " has the wrong kind of header");
        }
        if (WalPage.timeline(page) < lastTimeline) {
            return finish(
                    Reason.INVALID,
                    "the page at " + new Lsn(pageStart) + " is of timeline " + WalPage.timeline(page)
                            + ", the one before it of " + lastTimeline);
        }
        return true;
    }

    private boolean isOfSameCluster(WalSegmentHeader expected) {
        try {
            WalSegmentHeader found = WalPage.segmentHeader(page, expected.major());
            return found.systemIdentifier().equals(expected.systemIdentifier())
                    && found.segmentSize().equals(expected.segmentSize())
                    && found.blockSize() == expected.blockSize();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Decides by the page header how what came before goes on. */
    private void beginPage() {
        boolean continued = WalPage.isContinued(page);
        switch (mode) {
            case OPENING -> {
                if (continued) {
                    mode = Mode.IN_FOREIGN_RECORD;
                    foreignBytesLeft = WalPage.remainingLength(page);
                    passForeignRecord();
                } else {
                    mode = Mode.AT_RECORD;
                }
            }
            case IN_FOREIGN_RECORD -> {
                if (WalPage.isOverwritten(page)) {
                    mode = Mode.AT_RECORD;
                } else if (!continued || WalPage.remainingLength(page) != foreignBytesLeft) {
                    finish(Reason.INVALID, notContinuedMessage());
                } else {
                    passForeignRecord();
                }
            }
            case IN_RECORD -> {
                if (WalPage.isOverwritten(page)) {
                    mode = Mode.AT_RECORD;
                } else if (!continued || WalPage.remainingLength(page) != assembly.missing()) {
                    finish(Reason.INVALID, notContinuedMessage());
                }
            }
            case AT_RECORD, IN_VOID -> {
                if (continued) {
                    finish(Reason.INVALID, "the page at " + new Lsn(pageStart) + " continues no record");
                }
                mode = Mode.AT_RECORD;
            }
        }
    }

    private String notContinuedMessage() {
        return "the page at " + new Lsn(pageStart) + " does not continue the record before it";
    }

    private void passForeignRecord() {
        int present = Math.min(foreignBytesLeft, page.length - cursor);
        if (present <= 0) {
            finish(Reason.INVALID, notContinuedMessage());
            return;
        }
        head = head.extended(foreignBytesLeft, page, cursor, present);
        foreignBytesLeft -= present;
        cursor += present;
        if (foreignBytesLeft == 0) {
            cursor = WalRecord.aligned(cursor);
            validEnd = pageStart + cursor;
            mode = Mode.AT_RECORD;
        }
    }

    private boolean nextInPage() {
        return switch (mode) {
            case AT_RECORD -> cursor < page.length && beginRecord();
            case IN_RECORD -> continueRecord();
            case OPENING, IN_FOREIGN_RECORD, IN_VOID -> false;
        };
    }

    private boolean beginRecord() {
        long start = pageStart + cursor;
        int length = LittleEndian.integer(page, cursor);
        int room = page.length - cursor;
        if (length < WalRecord.HEADER_BYTES || length > MAXIMUM_RECORD_BYTES) {
            if (length == 0 && isZeroFrom(cursor)) {
                return finish(Reason.ZEROES, ONLY_ZEROES);
            }
            return finish(
                    Reason.INVALID,
                    "the record at " + new Lsn(start) + " has the invalid length " + Integer.toUnsignedString(length));
        }
        if (room >= WalRecord.HEADER_BYTES && !checkRecordHeader(start, page, cursor)) {
            return false;
        }
        if (length > room) {
            assembly.begin(start, length);
            assembly.add(page, cursor, room);
            cursor = page.length;
            mode = Mode.IN_RECORD;
            return false;
        }
        record.show(page, cursor, length, length);
        crc.reset();
        crc.update(page, cursor + WalRecord.HEADER_BYTES, length - WalRecord.HEADER_BYTES);
        crc.update(page, cursor, WalRecord.CRC_OFFSET);
        boolean sound = (int) crc.getValue() == WalRecord.storedCrc(page, cursor);
        cursor += WalRecord.aligned(length);
        return accept(start, sound);
    }

    private boolean continueRecord() {
        int present = Math.min(assembly.missing(), page.length - cursor);
        assembly.add(page, cursor, present);
        cursor = WalRecord.aligned(cursor + present);
        if (assembly.missing() > 0) {
            return false;
        }
        mode = Mode.AT_RECORD;
        if (!checkRecordHeader(assembly.start(), assembly.bytes(), 0)) {
            return false;
        }
        record.show(assembly.bytes(), 0, assembly.kept(), assembly.length());
        return accept(assembly.start(), assembly.isSound());
    }

    private boolean checkRecordHeader(long start, byte[] bytes, int offset) {
        if (!ResourceManager.isKnown(WalRecord.resourceManager(bytes, offset))) {
            return finish(
                    Reason.INVALID,
                    "the record at " + new Lsn(start) + " has the unknown resource manager "
                            + WalRecord.resourceManager(bytes, offset));
        }
        long previous = WalRecord.previous(bytes, offset);
        if (lastRecord != 0 ? previous != lastRecord : Long.compareUnsigned(previous, start) >= 0) {
            return finish(
                    Reason.INVALID,
                    "the record at " + new Lsn(start) + " says that " + new Lsn(previous) + " comes before it");
        }
        return true;
    }

    private boolean accept(long start, boolean sound) {
        if (!sound) {
            return finish(Reason.INVALID, "the record at " + new Lsn(start) + " has a wrong CRC");
        }
        String problem = record.decode(Objects.requireNonNull(header).major());
        if (!problem.isEmpty()) {
            return finish(Reason.INVALID, "the record at " + new Lsn(start) + " has " + problem);
        }
        validEnd = pageStart + cursor;
        if (record.isSwitch()) {
            long segmentBytes = Objects.requireNonNull(header).segmentSize().bytes();
            validEnd = (validEnd + segmentBytes - 1) / segmentBytes * segmentBytes;
            cursor = page.length;
            mode = Mode.IN_VOID;
        }
        lastRecord = start;
        record.place(start, validEnd);
        return true;
    }

    /** Ends the reading; always false, for its callers to return. */
    private boolean finish(Reason reason, String detail) {
        end = new WalEnd(new Lsn(validEnd), reason, detail);
        return false;
    }

    private boolean isZeroFrom(int offset) {
        for (int at = offset; at < filled; at++) {
            if (page[at] != 0) {
                return false;
            }
        }
        return true;
    }
}
