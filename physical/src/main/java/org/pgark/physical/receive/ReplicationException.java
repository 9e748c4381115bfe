package org.pgark.physical.receive;

import java.io.IOException;

/** Replication cannot go on; the message is the line that PostgreSQL's programs would print. */
public sealed class ReplicationException extends IOException permits NoSuchSlotException {
    private static final long serialVersionUID = 1L;

    /** A failure in PostgreSQL's words. */
    public ReplicationException(String message) {
        super(message);
    }

    /** A failure in PostgreSQL's words, with its cause. */
    public ReplicationException(String message, Throwable cause) {
        super(message, cause);
    }
}
