package org.pgark.logical.archive;

import java.io.IOException;

/** An archive cannot be read or written; the message is what pg_dump or pg_restore says of it. */
public class ArchiveException extends IOException {
    private static final long serialVersionUID = 1;

    /** Says what is wrong. */
    public ArchiveException(String message) {
        super(message);
    }

    /** Says what is wrong, and what it came from. */
    public ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
