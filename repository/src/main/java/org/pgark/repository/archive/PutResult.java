package org.pgark.repository.archive;

/** What became of a file that was put into the archive; in each case it is durable there. */
public enum PutResult {
    /** It was stored. */
    STORED,
    /** The same content was there under this name already. */
    SAME_ALREADY_THERE,
    /** What was there under this name was damaged, and was replaced. */
    MENDED
}
