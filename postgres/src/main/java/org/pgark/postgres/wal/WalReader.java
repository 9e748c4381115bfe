package org.pgark.postgres.wal;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;

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
 * <p>Of every record the CRC and the link to the record before it are checked, of every page the header. What is wrong
 * ends the reading, and {@link #stop} tells what it was: nothing is passed over but the rest of a record that began before
 * the first segment, whose CRC only a reader of that segment can check, what is void after a switch, and a record that a
 * crash cut off and that the server itself gave up.
 *
 * <p>Not thread-safe.
 */
public final class WalReader {
    /*
     * Records within a page are looked at where they lie, in the chunk that was fed if that is an array; those that cross
     * pages are gathered first. What is checked, and what ends the WAL, follows XLogDecodeNextRecord and
     * XLogReaderValidatePageHeader.
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
    private static final int USUAL_PAGE_BYTES = 8192;
    private static final int OVERWRITE = 0xD0;
    private static final long UNKNOWN = -1;

    private final WalRecord record = new WalRecord();
    private final RecordAssembly assembly = new RecordAssembly();
    private final CRC32C crc = new CRC32C();

    private final WalPageFeed feed;
    private byte[] page = new byte[0];
    private int base;
    private boolean pageReady;
    private int cursor;

    private Mode mode = Mode.OPENING;
    private @Nullable WalSegmentHeader header;
    private int lastTimeline;
    private CutRecordHead head = CutRecordHead.NONE;
    private final CRC32C headCrc = new CRC32C();
    private int headLength;
    private int foreignBytesLeft;
    private long lastRecord;
    private long cutRecord;
    private long validEnd;
    private @Nullable WalStop stop;

    /** @param start the position of the first byte that will be fed, a segment's start */
    public WalReader(Lsn start) {
        feed = new WalPageFeed(start.value());
        validEnd = start.value();
    }

    /**
     * Gives the next bytes; {@link #next} must have returned false since the last call. They are not copied, so they have
     * to stay as they are until {@link #next} returns false again.
     */
    public void feed(ByteBuffer bytes) {
        feed.feed(bytes);
    }

    /** Goes to the next complete record whose CRC is right; false if more bytes are needed or valid WAL has ended. */
    public boolean next() {
        while (stop == null) {
            if (pageReady) {
                if (nextInPage()) {
                    return true;
                }
                leavePage();
            } else if (feed.fill()) {
                enterPage();
            } else {
                return false;
            }
        }
        lookBehindTheEnd();
        return false;
    }

    /** The record that {@link #next} went to; the same object each time, valid until the next call. */
    public WalRecord record() {
        return record;
    }

    /** Whether valid WAL has ended before the bytes did, so that more of them change nothing. */
    public boolean hasEnded() {
        return stop != null;
    }

    /** Where valid WAL ends, as far as was fed. */
    public WalEnd end() {
        WalStop why = stop();
        return new WalEnd(new Lsn(validEnd), why.reason(), why.detail());
    }

    /** Why valid WAL ends there, as far as was fed. */
    public WalStop stop() {
        if (stop != null) {
            return stop;
        }
        return mode == Mode.IN_VOID ? new WalStop.Switched() : new WalStop.InputEnded();
    }

    /** The header of the first page; empty until its first bytes were fed and as long as they are none. */
    public Optional<WalSegmentHeader> header() {
        return Optional.ofNullable(header);
    }

    /** What the first bytes hold of a record that began before them. */
    CutRecordHead head() {
        return head;
    }

    /** CRC-32C values of what is {@link #head} and {@link #tail}. */
    CutSums cutSums() {
        boolean hasTail = stop == null && mode == Mode.IN_RECORD;
        return new CutSums(headLength, (int) headCrc.getValue(), hasTail ? assembly.sumBehindHeader() : 0);
    }

    /** What the last bytes hold of a record that goes on after them. */
    CutRecordTail tail() {
        return stop == null && mode == Mode.IN_RECORD ? assembly.tail() : CutRecordTail.NONE;
    }

    private void leavePage() {
        pageReady = false;
        feed.leave();
    }

    private void enterPage() {
        page = feed.bytes();
        base = feed.base();
        if (header == null) {
            open();
            return;
        }
        boolean segmentStart = feed.start() % header.segmentSize().bytes() == 0;
        pageReady = true;
        cursor = feed.size();
        if (mode == Mode.IN_VOID && !segmentStart) {
            return;
        }
        if (checkPage(new WalPageCheck(header), segmentStart)) {
            lastTimeline = WalPage.timeline(page, base);
            cursor = WalPage.headerBytes(page, base);
            beginPage();
        }
    }

    /** Reads the header of the first page and makes room for the rest of the page. */
    private void open() {
        Optional<PostgresMajor> major = WalPage.major(page, base);
        if (feed.isZeroFrom(0)) {
            openZeroes();
        } else if (major.isEmpty() || !WalPage.isLong(page, base)) {
            finish(new WalStop.NoSegmentHeader(feed.position()));
        } else {
            try {
                header = WalPage.segmentHeader(page, base, major.get());
                feed.enlarge(header.blockSize());
            } catch (IllegalArgumentException e) {
                finish(new WalStop.DamagedSegmentHeader(feed.position(), String.valueOf(e.getMessage())));
            }
        }
    }

    private void openZeroes() {
        if (feed.size() < USUAL_PAGE_BYTES) {
            feed.enlarge(USUAL_PAGE_BYTES);
        } else {
            pageReady = true;
            finish(new WalStop.Zeroes(feed.position()));
        }
    }

    private boolean checkPage(WalPageCheck expected, boolean segmentStart) {
        if (WalPage.magic(page, base) == 0 && feed.isZeroFrom(0)) {
            return finish(new WalStop.Zeroes(feed.position()));
        }
        Optional<WalStop> wrong = expected.wrong(page, base, feed.position(), segmentStart, lastTimeline);
        return wrong.isEmpty() || finish(wrong.get());
    }

    /** Where the server seems to have written no further: looks whether there is a page of this WAL after all. */
    private void lookBehindTheEnd() {
        if (pageReady) {
            leavePage();
        }
        while (mayBeHole() && feed.fill()) {
            page = feed.bytes();
            base = feed.base();
            boolean isPage = header == null
                    ? WalPage.major(page, base).isPresent()
                    : new WalPageCheck(header).isPage(page, base);
            if (stop != null && isPage && WalPage.address(page, base) == feed.start()) {
                stop = new WalStop.Hole(beginOfHole(stop), feed.position());
            }
            feed.leave();
        }
    }

    private boolean mayBeHole() {
        return stop instanceof WalStop.Zeroes || stop instanceof WalStop.LeftOver;
    }

    private static Lsn beginOfHole(WalStop found) {
        return switch (found) {
            case WalStop.Zeroes zeroes -> zeroes.at();
            case WalStop.LeftOver page -> page.page();
            case WalStop.Damage damage -> damage.at();
            case WalStop.InputEnded _, WalStop.Switched _ -> throw new IllegalStateException("WAL goes on");
        };
    }

    /** Decides by the page header how what came before goes on. */
    private void beginPage() {
        boolean continued = WalPage.isContinued(page, base);
        boolean overwritten = WalPage.isOverwritten(page, base);
        switch (mode) {
            case OPENING -> {
                if (continued) {
                    mode = Mode.IN_FOREIGN_RECORD;
                    foreignBytesLeft = WalPage.remainingLength(page, base);
                    passForeignRecord();
                } else {
                    cutRecord = overwritten ? UNKNOWN : 0;
                    mode = Mode.AT_RECORD;
                }
            }
            case IN_FOREIGN_RECORD -> {
                if (overwritten) {
                    cutRecord = UNKNOWN;
                    mode = Mode.AT_RECORD;
                } else if (!continued || WalPage.remainingLength(page, base) != foreignBytesLeft) {
                    finish(new WalStop.RecordBrokenOff(feed.position()));
                } else {
                    passForeignRecord();
                }
            }
            case IN_RECORD -> {
                if (overwritten) {
                    cutRecord = assembly.start();
                    mode = Mode.AT_RECORD;
                } else if (!continued || WalPage.remainingLength(page, base) != assembly.missing()) {
                    finish(new WalStop.RecordBrokenOff(feed.position()));
                }
            }
            case AT_RECORD, IN_VOID -> {
                if (continued) {
                    finish(new WalStop.NothingToContinue(feed.position()));
                }
                mode = Mode.AT_RECORD;
            }
        }
    }

    private void passForeignRecord() {
        int present = Math.min(foreignBytesLeft, feed.size() - cursor);
        if (present <= 0) {
            finish(new WalStop.RecordBrokenOff(feed.position()));
            return;
        }
        head = head.extended(foreignBytesLeft, page, base + cursor, present);
        headCrc.update(page, base + cursor, present);
        headLength += present;
        foreignBytesLeft -= present;
        cursor += present;
        if (foreignBytesLeft == 0) {
            cursor = WalRecord.aligned(cursor);
            validEnd = feed.start() + cursor;
            mode = Mode.AT_RECORD;
        }
    }

    private boolean nextInPage() {
        return switch (mode) {
            case AT_RECORD -> cursor < feed.size() && beginRecord();
            case IN_RECORD -> continueRecord();
            case OPENING, IN_FOREIGN_RECORD, IN_VOID -> false;
        };
    }

    private boolean beginRecord() {
        long start = feed.start() + cursor;
        int at = base + cursor;
        int length = LittleEndian.integer(page, at);
        int room = feed.size() - cursor;
        if (length < WalRecord.HEADER_BYTES || length > MAXIMUM_RECORD_BYTES) {
            return finish(
                    length == 0 && feed.isZeroFrom(cursor)
                            ? new WalStop.Zeroes(new Lsn(start))
                            : new WalStop.InvalidLength(new Lsn(start), length));
        }
        if (room >= WalRecord.HEADER_BYTES && !checkRecordHeader(start, page, at)) {
            return false;
        }
        if (length > room) {
            assembly.begin(start, length);
            assembly.add(page, at, room);
            cursor = feed.size();
            mode = Mode.IN_RECORD;
            return false;
        }
        record.show(page, at, length, length);
        crc.reset();
        crc.update(page, at + WalRecord.HEADER_BYTES, length - WalRecord.HEADER_BYTES);
        crc.update(page, at, WalRecord.CRC_OFFSET);
        boolean sound = (int) crc.getValue() == WalRecord.storedCrc(page, at);
        cursor += WalRecord.aligned(length);
        return accept(start, sound);
    }

    private boolean continueRecord() {
        int present = Math.min(assembly.missing(), feed.size() - cursor);
        assembly.add(page, base + cursor, present);
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
        int resourceManager = WalRecord.resourceManager(bytes, offset);
        if (!ResourceManager.isKnown(resourceManager)) {
            return finish(new WalStop.UnknownRecord(new Lsn(start), resourceManager));
        }
        long previous = WalRecord.previous(bytes, offset);
        if (lastRecord != 0 ? previous != lastRecord : Long.compareUnsigned(previous, start) >= 0) {
            return finish(new WalStop.WrongBackLink(new Lsn(start), new Lsn(previous)));
        }
        return true;
    }

    private boolean accept(long start, boolean sound) {
        if (!sound) {
            return finish(new WalStop.WrongCrc(new Lsn(start)));
        }
        String problem = record.decode(Objects.requireNonNull(header).major());
        if (!problem.isEmpty()) {
            return finish(new WalStop.WrongParts(new Lsn(start), problem));
        }
        if (cutRecord != 0 && !takesThePlaceOf(cutRecord)) {
            return finish(new WalStop.NotOverwritten(new Lsn(start), new Lsn(cutRecord == UNKNOWN ? 0 : cutRecord)));
        }
        cutRecord = 0;
        validEnd = feed.start() + cursor;
        if (record.isSwitch()) {
            long segmentBytes = Objects.requireNonNull(header).segmentSize().bytes();
            validEnd = (validEnd + segmentBytes - 1) / segmentBytes * segmentBytes;
            cursor = feed.size();
            mode = Mode.IN_VOID;
        }
        lastRecord = start;
        record.place(start, validEnd);
        return true;
    }

    private boolean takesThePlaceOf(long start) {
        return record.resourceManager() == ResourceManager.XLOG
                && record.kind() == OVERWRITE
                && record.mainDataBytes() >= Long.BYTES
                && (start == UNKNOWN || record.mainDataLong(0) == start);
    }

    /** Ends the reading; always false, for its callers to return. */
    private boolean finish(WalStop why) {
        stop = why;
        return false;
    }
}
