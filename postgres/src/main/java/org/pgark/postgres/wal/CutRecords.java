package org.pgark.postgres.wal;

import java.util.Optional;
import java.util.zip.CRC32C;
import org.pgark.postgres.Lsn;

/** Puts records together that the boundary between two segments cuts, from what the facts of both keep. */
final class CutRecords {
    private CutRecords() {}

    /** The record that begins in the one and goes on in the other segment, as far as it was kept. */
    static Optional<WalRecord> join(WalFacts earlier, WalFacts later) {
        CutRecordTail tail = earlier.tail();
        CutRecordHead head = later.head();
        if (tail.bytes().length() < Integer.BYTES || head.remaining() == 0 || !isNext(earlier, later)) {
            return Optional.empty();
        }
        byte[] first = tail.bytes().toArray();
        int length = LittleEndian.integer(first, 0);
        if (length != (long) tail.present() + head.remaining()) {
            return Optional.empty();
        }
        byte[] kept = first.length == tail.present()
                ? tail.bytes()
                        .plus(head.bytes().toArray(), 0, head.bytes().length())
                        .toArray()
                : first;
        return show(kept, length, tail.start(), later);
    }

    /** Whether the end of the one segment and the beginning of the other may be of one history. */
    static boolean fit(WalFacts earlier, WalFacts later) {
        CutRecordTail tail = earlier.tail();
        CutRecordHead head = later.head();
        if (!isNext(earlier, later)) {
            return false;
        }
        if (tail.present() == 0) {
            boolean inMidRecord =
                    earlier.firstRecord().equals(Lsn.ZERO) && earlier.head().remaining() > 0;
            return head.remaining() == 0 || inMidRecord;
        }
        // A server that crashed before it wrote the rest begins the next segment with another record.
        if (head.remaining() == 0 || tail.bytes().length() < Integer.BYTES) {
            return true;
        }
        byte[] first = tail.bytes().toArray();
        if (LittleEndian.integer(first, 0) != (long) tail.present() + head.remaining()) {
            return false;
        }
        boolean whole = first.length == tail.present() && head.bytes().length() == head.remaining();
        return !whole
                || isSound(
                        tail.bytes()
                                .plus(head.bytes().toArray(), 0, head.bytes().length())
                                .toArray(),
                        tail.start());
    }

    private static Optional<WalRecord> show(byte[] kept, int length, Lsn start, WalFacts later) {
        if (kept.length < WalRecord.HEADER_BYTES || (kept.length == length && !isSound(kept, start))) {
            return Optional.empty();
        }
        WalRecord record = new WalRecord();
        record.show(kept, 0, kept.length, length);
        if (!record.decode(later.header().major()).isEmpty()) {
            return Optional.empty();
        }
        Lsn end = WalPage.endOfRecord(
                later.header().pageAddress(),
                later.head().remaining(),
                later.header().blockSize(),
                later.header().segmentSize());
        record.place(start.value(), end.value());
        return Optional.of(record);
    }

    /** Whether the CRC is right of the record that begins in the one and ends in the other segment. */
    static boolean isSound(WalFacts earlier, CutSums earlierSums, WalFacts later, CutSums laterSums) {
        CutRecordTail tail = earlier.tail();
        byte[] begin = later.head().bytes().toArray();
        int headLength = laterSums.headLength();
        int ofHeader = Math.max(0, WalRecord.HEADER_BYTES - tail.present());
        if (tail.bytes().length() < Math.min(WalRecord.HEADER_BYTES, tail.present())
                || ofHeader > Math.min(begin.length, headLength)
                || headLength != later.head().remaining()) {
            return false;
        }
        byte[] header = tail.bytes().plus(begin, 0, ofHeader).toArray();
        int behindHeader = CutSums.rest(laterSums.head(), sum(begin, ofHeader), headLength - ofHeader);
        int content = CutSums.joined(earlierSums.tail(), behindHeader, headLength - ofHeader);
        return CutSums.joined(content, sum(header, WalRecord.CRC_OFFSET), WalRecord.CRC_OFFSET)
                == WalRecord.storedCrc(header, 0);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    private static boolean isSound(byte[] bytes, Lsn start) {
        RecordAssembly assembly = new RecordAssembly();
        assembly.begin(start.value(), bytes.length);
        assembly.add(bytes, 0, bytes.length);
        return assembly.isSound();
    }

    private static boolean isNext(WalFacts earlier, WalFacts later) {
        WalSegmentHeader header = earlier.header();
        return header.systemIdentifier().equals(later.header().systemIdentifier())
                && header.pageAddress()
                        .plus(header.segmentSize().bytes())
                        .equals(later.header().pageAddress());
    }
}
