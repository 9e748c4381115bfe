package org.pgark.postgres.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;

/** Writes WAL as a server does, into memory, so that a test can put any record at any place. */
final class WalBuilder {
    static final SystemIdentifier SYSTEM = new SystemIdentifier(7_711_000_460_154_126_490L);
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final int PAGE = 8192;
    static final Lsn START = new Lsn(5L << 20);

    private static final int NOOP = 0x20;
    private static final int HEADER = 24;

    private final PostgresMajor major;
    private final ByteBuffer log;
    private int timeline = 1;
    private int at;
    private long previous = START.value() - 80;
    private boolean overwritten;

    WalBuilder(PostgresMajor major) {
        this(major, 8 << 20);
    }

    /** @param room for so many bytes of WAL */
    WalBuilder(PostgresMajor major, int room) {
        this.major = major;
        this.log = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
    }

    WalBuilder() {
        this(PostgresMajor.V15);
    }

    WalBuilder onTimeline(int id) {
        timeline = id;
        return this;
    }

    /** The position where the next record will begin, if it is not at a page's end. */
    Lsn position() {
        return START.plus(at);
    }

    /** Appends a record whose content after the header is {@code body}; tells where it begins. */
    Lsn append(int resourceManager, int info, int xid, byte[] body) {
        byte[] record = Arrays.copyOf(new byte[HEADER], HEADER + body.length);
        ByteBuffer fields = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(record.length).putInt(xid).putLong(previous);
        fields.put((byte) info).put((byte) resourceManager).putShort((short) 0);
        fields.position(HEADER).put(body);
        fields.putInt(20, crc(record));
        return appendRaw(record);
    }

    /** Appends bytes as if they were a record. */
    Lsn appendRaw(byte[] record) {
        beginPage(0);
        Lsn start = position();
        int done = 0;
        while (done < record.length) {
            beginPage(done == 0 ? 0 : record.length - done);
            int size = Math.min(record.length - done, PAGE - at % PAGE);
            log.put(at, record, done, size);
            done += size;
            at += size;
        }
        at = (at + 7) & ~7;
        previous = start.value();
        return start;
    }

    /** Begins a record and leaves it where the page ends, as a server that crashes; the next one overwrites the rest. */
    Lsn appendAbandoned(int bytes) {
        long before = previous;
        byte[] record = new byte[bytes];
        ByteBuffer.wrap(record)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes)
                .putInt(7)
                .putLong(before);
        beginPage(0);
        Lsn start = position();
        int size = PAGE - at % PAGE;
        log.put(at, record, 0, size);
        at += size;
        previous = before;
        overwritten = true;
        return start;
    }

    private void beginPage(int remaining) {
        if (at % PAGE != 0) {
            return;
        }
        boolean first = at % SIZE.bytes() == 0;
        log.position(at);
        log.putShort((short) major.walPageMagic());
        log.putShort((short) ((remaining > 0 ? 1 : 0) | (first ? 2 : 0) | (overwritten ? 8 : 0)));
        log.putInt(timeline).putLong(START.value() + at).putInt(remaining).putInt(0);
        if (first) {
            log.putLong(SYSTEM.value()).putInt(SIZE.bytes()).putInt(PAGE);
        }
        at += first ? 40 : 24;
        overwritten = false;
    }

    private static int crc(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, HEADER, record.length - HEADER);
        crc.update(record, 0, 20);
        return (int) crc.getValue();
    }

    /** Headers of main data and the data. */
    static byte[] main(byte[] data) {
        ByteBuffer body = ByteBuffer.allocate(data.length + 5).order(ByteOrder.LITTLE_ENDIAN);
        if (data.length < 256) {
            body.put((byte) 255).put((byte) data.length);
        } else {
            body.put((byte) 254).putInt(data.length);
        }
        body.put(data);
        return Arrays.copyOf(body.array(), body.position());
    }

    Lsn noop(int dataBytes) {
        return append(0, NOOP, 0, main(new byte[dataBytes]));
    }

    /** What a server begins with on the page that would have continued an abandoned record. */
    Lsn overwrite(Lsn abandoned) {
        return append(0, 0xD0, 0, main(Arrays.copyOf(time(abandoned.value()), 16)));
    }

    Lsn commit(int xid, long micros) {
        return append(1, 0x00, xid, main(time(micros)));
    }

    Lsn abort(int xid, long micros) {
        return append(1, 0x20, xid, main(time(micros)));
    }

    Lsn restorePoint(String name, long micros) {
        byte[] data = new byte[72];
        ByteBuffer fields = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putLong(micros);
        fields.put(name.getBytes(UTF_8));
        return append(0, 0x70, 0, main(data));
    }

    /** Switches to the next segment, whose pages up to there are void. */
    Lsn switchSegment() {
        Lsn start = append(0, 0x40, 0, new byte[0]);
        at = (at + SIZE.bytes() - 1) / SIZE.bytes() * SIZE.bytes();
        return start;
    }

    /** Fills up with records that say nothing, until {@code room} bytes are left in the segment. */
    void fillUntil(int room) {
        beginPage(0);
        int target = (at / SIZE.bytes() + 1) * SIZE.bytes() - room;
        while (at < target) {
            beginPage(0);
            int left = Math.min(target - at, PAGE - at % PAGE);
            int record = left > 1200 ? 1024 : left;
            if (record < 32) {
                throw new IllegalStateException("cannot fill " + record + " bytes");
            }
            int data = record - HEADER;
            noop(data - (data < 258 ? 2 : 5));
        }
    }

    static byte[] time(long micros) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(micros)
                .array();
    }

    /** All whole segments that were begun, zeroes behind the last record. */
    byte[] bytes() {
        int segments = (at + SIZE.bytes() - 1) / SIZE.bytes();
        return Arrays.copyOf(log.array(), segments * SIZE.bytes());
    }

    /** One segment, counted from 0. */
    byte[] segment(int number) {
        return Arrays.copyOfRange(bytes(), number * SIZE.bytes(), (number + 1) * SIZE.bytes());
    }

    WalSegmentName name(int number) {
        return WalSegmentName.containing(new Timeline(timeline), START.plus((long) number * SIZE.bytes()), SIZE);
    }

    WalFacts facts(int number) throws WalSegmentMismatchException {
        WalFactsCollector collector = new WalFactsCollector(name(number));
        collector.feed(ByteBuffer.wrap(segment(number)));
        return collector.finish();
    }
}
