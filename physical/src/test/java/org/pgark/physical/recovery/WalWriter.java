package org.pgark.physical.recovery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** Writes WAL of one timeline as a server would, with the few kinds of records that recovery targets know. */
final class WalWriter {
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final long SYSTEM = 7300000000000000001L;

    private static final Instant SERVER_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int PAGE = 8192;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;
    private static final int TRANSACTION = 1;
    private static final int XLOG = 0;
    private static final int COMMIT = 0x00;
    private static final int ABORT = 0x20;
    private static final int NOOP = 0x20;
    private static final int SWITCH = 0x40;
    private static final int RESTORE_POINT = 0x70;

    private final Timeline timeline;
    private final NavigableMap<Long, byte[]> segments = new TreeMap<>();
    private long position;
    private long previous;

    /** Begins at a segment's start. */
    WalWriter(Timeline timeline, Lsn start) {
        this.timeline = timeline;
        this.position = start.value();
    }

    /** Goes on where {@code parent} is now, on a new timeline. */
    WalWriter(Timeline timeline, WalWriter parent) {
        this.timeline = timeline;
        this.position = parent.position;
        this.previous = parent.previous;
        long number = parent.position / SIZE.bytes();
        if (parent.segments.containsKey(number)) {
            segments.put(number, parent.segments.get(number).clone());
        }
    }

    /** The end of the last record. */
    Lsn position() {
        return new Lsn(position);
    }

    /** The segments that were begun, by number. */
    NavigableMap<Long, byte[]> segments() {
        return segments;
    }

    Timeline timeline() {
        return timeline;
    }

    WalSegmentName segmentOf(Lsn lsn) {
        return WalSegmentName.containing(timeline, lsn, SIZE);
    }

    Lsn commit(int xid, String time) {
        return record(TRANSACTION, COMMIT, xid, longBytes(micros(time)));
    }

    Lsn abort(int xid, String time) {
        return record(TRANSACTION, ABORT, xid, longBytes(micros(time)));
    }

    Lsn restorePoint(String name, String time) {
        ByteBuffer data = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN).putLong(micros(time));
        data.put(name.getBytes(StandardCharsets.UTF_8));
        return record(XLOG, RESTORE_POINT, 0, data.array());
    }

    Lsn filler(int bytes) {
        return record(XLOG, NOOP, 0, new byte[bytes]);
    }

    /** Writes filler so that the next record begins this many bytes before the current segment's end. */
    void fillUpTo(int bytesBeforeEnd) {
        long end = (position / SIZE.bytes() + 1) * SIZE.bytes() - bytesBeforeEnd;
        while (end - position > 300_000) {
            filler(200_000);
        }
        long at = aligned(position);
        long room = 0;
        while (at < end) {
            if (at % PAGE == 0) {
                at += at % SIZE.bytes() == 0 ? LONG_HEADER : SHORT_HEADER;
            }
            long part = Math.min(end - at, PAGE - at % PAGE);
            room += part;
            at += part;
        }
        record(XLOG, NOOP, 0, new byte[(int) room - 24 - 5]);
    }

    /** Ends the current segment, as pg_switch_wal does. */
    Lsn switchSegment() {
        Lsn start = record(XLOG, SWITCH, 0, new byte[0]);
        position = (position + SIZE.bytes() - 1) / SIZE.bytes() * SIZE.bytes();
        return start;
    }

    private Lsn record(int resourceManager, int info, int xid, byte[] data) {
        int headerBytes = data.length == 0 ? 0 : data.length < 256 ? 2 : 5;
        ByteBuffer record = ByteBuffer.allocate(24 + headerBytes + data.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(record.capacity()).putInt(xid).putLong(previous);
        record.put((byte) info).put((byte) resourceManager).putShort((short) 0).putInt(0);
        if (headerBytes == 2) {
            record.put((byte) 255).put((byte) data.length);
        } else if (headerBytes == 5) {
            record.put((byte) 254).putInt(data.length);
        }
        record.put(data);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 24, record.capacity() - 24);
        crc.update(record.array(), 0, 20);
        record.putInt(20, (int) crc.getValue());
        position = aligned(position);
        if (position % PAGE == 0) {
            pageHeader(0, 0);
        }
        long start = position;
        byte[] bytes = record.array();
        int done = 0;
        while (done < bytes.length) {
            if (position % PAGE == 0) {
                pageHeader(1, bytes.length - done);
            }
            int part = (int) Math.min(bytes.length - done, PAGE - position % PAGE);
            put(bytes, done, part);
            done += part;
        }
        position = aligned(position);
        previous = start;
        return new Lsn(start);
    }

    private void pageHeader(int flags, int remaining) {
        boolean isLong = position % SIZE.bytes() == 0;
        ByteBuffer header =
                ByteBuffer.allocate(isLong ? LONG_HEADER : SHORT_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) PostgresMajor.V15.walPageMagic());
        header.putShort((short) (flags | (isLong ? 2 : 0)));
        header.putInt(timeline.id()).putLong(position).putInt(remaining).putInt(0);
        if (isLong) {
            header.putLong(SYSTEM).putInt(SIZE.bytes()).putInt(PAGE);
        }
        put(header.array(), 0, header.capacity());
    }

    private void put(byte[] bytes, int offset, int length) {
        byte[] segment = segments.computeIfAbsent(position / SIZE.bytes(), _ -> new byte[SIZE.bytes()]);
        System.arraycopy(bytes, offset, segment, (int) (position % SIZE.bytes()), length);
        position += length;
    }

    private static long aligned(long value) {
        return (value + 7) & ~7L;
    }

    private static byte[] longBytes(long value) {
        return Arrays.copyOf(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array(),
                8);
    }

    private static long micros(String time) {
        return Duration.between(SERVER_EPOCH, Instant.parse(time)).toNanos() / 1000;
    }
}
