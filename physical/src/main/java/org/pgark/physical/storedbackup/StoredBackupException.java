package org.pgark.physical.storedbackup;

import java.io.IOException;

/** Work on a base backup that cannot go on; the message is that of PostgreSQL's program. */
public final class StoredBackupException extends IOException {
    private static final long serialVersionUID = 1;

    /** With PostgreSQL's message. */
    public StoredBackupException(String message) {
        super(message);
    }

    static StoredBackupException of(String what, Object file, IOException reason) {
        return new StoredBackupException(what + " \"" + file + "\": " + SystemReason.of(reason));
    }
}
