package org.pgark.postgres.page;

/** What a page's bytes tell of its soundness. */
public enum PageVerdict {
    /** The checksum is right. */
    VALID,
    /** All bytes are zero: a page that was added to the file and never written. */
    NEW,
    /** The checksum is wrong, but the page was written after the limit, so that it may have been read half-written. */
    RECENT,
    /** The checksum is wrong, or there is no page where there are bytes. */
    DAMAGED
}
