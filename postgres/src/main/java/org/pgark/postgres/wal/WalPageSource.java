package org.pgark.postgres.wal;

import java.io.IOException;

/** Where a {@link WalCursor} takes pages from. */
public interface WalPageSource {
    /** What {@link #read} returns where the WAL that was asked for ends. */
    int ENDED = -1;

    /**
     * Reads the beginning of a page.
     *
     * @param page the page's position, a multiple of the page size
     * @param needed how many bytes at least
     * @param target of a page's size
     * @return how many bytes were read, at least {@code needed}, or {@link #ENDED}
     * @throws IOException if they cannot be read, which ends the reading for good
     */
    int read(long page, int needed, byte[] target) throws IOException;

    /** The name of the segment that holds a position, for messages. */
    String segmentName(long position);
}
