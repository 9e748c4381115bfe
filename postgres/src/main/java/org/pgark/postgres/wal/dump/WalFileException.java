package org.pgark.postgres.wal.dump;

import java.io.IOException;

/** WAL files that cannot be found or read; the message is pg_waldump's. */
public final class WalFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final String detail;

    WalFileException(String message) {
        this(message, "");
    }

    WalFileException(String message, String detail) {
        super(message);
        this.detail = detail;
    }

    /** What pg_waldump says besides; may be empty. */
    public String detail() {
        return detail;
    }
}
