package org.pgark.postgres.wal;

import java.util.Locale;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/**
 * The name of a WAL segment: 24 hexadecimal digits, for example {@code 000000010000000A000000FF}: timeline, the upper 32
 * bits of its LSNs, and its number under them.
 *
 * @param timeline the first eight digits
 * @param logId the middle eight digits, to be read as unsigned
 * @param segment the last eight digits, to be read as unsigned
 */
public record WalSegmentName(Timeline timeline, int logId, int segment) implements Comparable<WalSegmentName> {
    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if the text is not 24 upper-case hexadecimal digits
     */
    public static WalSegmentName parse(String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException(
                    "invalid WAL segment name \"" + text + "\", must be 24 hexadecimal digits");
        }
        return new WalSegmentName(
                Timeline.parseHex(text.substring(0, 8)),
                Integer.parseUnsignedInt(text, 8, 16, 16),
                Integer.parseUnsignedInt(text, 16, 24, 16));
    }

    /** Whether the text has the form of a segment's name. */
    public static boolean isName(String text) {
        return text.matches("[0-9A-F]{24}") && !text.startsWith("00000000");
    }

    /** The segment of {@code timeline} that holds the byte at {@code position}. */
    public static WalSegmentName containing(Timeline timeline, Lsn position, WalSegmentSize size) {
        return ofNumber(timeline, Long.divideUnsigned(position.value(), size.bytes()), size);
    }

    /** The segment with this number, counted from LSN 0/0. */
    public static WalSegmentName ofNumber(Timeline timeline, long number, WalSegmentSize size) {
        return new WalSegmentName(
                timeline, (int) (number / size.segmentsPerLogId()), (int) (number % size.segmentsPerLogId()));
    }

    /** This segment's number, counted from LSN 0/0. */
    public long number(WalSegmentSize size) {
        return Integer.toUnsignedLong(logId) * size.segmentsPerLogId() + Integer.toUnsignedLong(segment);
    }

    /** The position of this segment's first byte. */
    public Lsn start(WalSegmentSize size) {
        return new Lsn(number(size) * size.bytes());
    }

    /** The position after this segment's last byte. */
    public Lsn end(WalSegmentSize size) {
        return start(size).plus(size.bytes());
    }

    /** The segment that follows on the same timeline. */
    public WalSegmentName next(WalSegmentSize size) {
        return ofNumber(timeline, number(size) + 1, size);
    }

    /** The segment at the same position of another timeline. */
    public WalSegmentName on(Timeline other) {
        return new WalSegmentName(other, logId, segment);
    }

    @Override
    public int compareTo(WalSegmentName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline.id(), logId, segment);
    }
}
