package org.pgark.postgres.wal;

import java.util.Locale;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;

/**
 * The header of a WAL segment's first page.
 *
 * @param major which PostgreSQL wrote it, told from the page magic
 * @param timeline the timeline of the first page; older than the name's where a new timeline's first segment begins with
 *     a copy
 * @param pageAddress the position of the segment's first byte
 * @param systemIdentifier the cluster
 * @param segmentSize the cluster's segment size
 * @param blockSize bytes of a WAL page
 */
public record WalSegmentHeader(
        PostgresMajor major,
        Timeline timeline,
        Lsn pageAddress,
        SystemIdentifier systemIdentifier,
        WalSegmentSize segmentSize,
        int blockSize) {
    /** The header's length in bytes. */
    public static final int BYTES = WalPage.LONG_HEADER_BYTES;

    /**
     * Reads the header.
     *
     * @param name the segment's name, for messages
     * @param firstBytes the file's first {@link #BYTES} bytes or more
     * @throws WalSegmentMismatchException if no PostgreSQL that pgark knows wrote this
     */
    public static WalSegmentHeader read(WalSegmentName name, byte[] firstBytes) throws WalSegmentMismatchException {
        if (firstBytes.length < BYTES) {
            throw tooShort(name, firstBytes.length);
        }
        int magic = WalPage.magic(firstBytes, 0);
        Optional<PostgresMajor> major = WalPage.major(firstBytes, 0);
        if (major.isEmpty()) {
            throw mismatch(
                    name,
                    String.format(
                            Locale.ROOT,
                            "begins with page magic %04X, which no PostgreSQL from 13 to 18 writes",
                            magic));
        }
        if (!WalPage.isLong(firstBytes, 0)) {
            throw mismatch(name, "does not begin with the header of a segment");
        }
        try {
            return WalPage.segmentHeader(firstBytes, 0, major.get());
        } catch (IllegalArgumentException e) {
            throw mismatch(name, "has a damaged header: " + e.getMessage());
        }
    }

    /**
     * Compares with what is expected.
     *
     * @param name the name under which the segment was found
     * @param fileBytes the file's length
     * @throws WalSegmentMismatchException on the first difference, naming both sides
     */
    public void check(
            WalSegmentName name, long fileBytes, SystemIdentifier system, PostgresMajor version, WalSegmentSize size)
            throws WalSegmentMismatchException {
        if (!systemIdentifier.equals(system)) {
            throw mismatch(name, "belongs to system identifier " + systemIdentifier + ", not " + system);
        }
        if (major != version) {
            throw mismatch(
                    name, "was written by PostgreSQL " + major.number() + ", not by PostgreSQL " + version.number());
        }
        if (!segmentSize.equals(size)) {
            throw mismatch(name, "says that segments have " + segmentSize.bytes() + " bytes, not " + size.bytes());
        }
        checkName(name);
        checkLength(name, fileBytes);
    }

    /** Whether the content is what the name says, as far as can be told without knowing the cluster. */
    void checkName(WalSegmentName name) throws WalSegmentMismatchException {
        Lsn address = name.start(segmentSize);
        if (!pageAddress.equals(address)) {
            throw mismatch(name, "begins at " + pageAddress + " by its header, not at " + address);
        }
        if (timeline.compareTo(name.timeline()) > 0) {
            throw mismatch(name, "is of timeline " + timeline + " by its header, later than its name says");
        }
    }

    void checkLength(WalSegmentName name, long fileBytes) throws WalSegmentMismatchException {
        if (fileBytes != segmentSize.bytes()) {
            throw mismatch(name, "has " + fileBytes + " bytes instead of " + segmentSize.bytes());
        }
    }

    static WalSegmentMismatchException tooShort(WalSegmentName name, long fileBytes) {
        return mismatch(name, "has only " + fileBytes + " bytes");
    }

    private static WalSegmentMismatchException mismatch(WalSegmentName name, String problem) {
        return new WalSegmentMismatchException("WAL segment \"" + name + "\" " + problem);
    }
}
