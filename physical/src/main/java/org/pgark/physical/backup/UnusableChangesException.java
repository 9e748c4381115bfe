package org.pgark.physical.backup;

import java.io.IOException;

/** A file cannot be put together of what the server sent of its changes and what the backup before has. */
final class UnusableChangesException extends IOException {
    private static final long serialVersionUID = 1L;

    UnusableChangesException(String message) {
        super(message);
    }

    UnusableChangesException(String message, IOException cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
