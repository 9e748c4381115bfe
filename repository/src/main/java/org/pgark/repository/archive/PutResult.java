package org.pgark.repository.archive;

/** What became of a file that was put into the archive; in both cases it is durable there. */
public enum PutResult {
    /** It was stored. */
    STORED,
    /** The same content was there under this name already. */
    SAME_ALREADY_THERE
}
