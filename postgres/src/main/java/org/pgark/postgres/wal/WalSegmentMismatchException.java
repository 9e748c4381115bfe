package org.pgark.postgres.wal;

import java.io.IOException;

/** A file is not the WAL segment that its name or its cluster says it is. */
public final class WalSegmentMismatchException extends IOException {
    private static final long serialVersionUID = 1;

    public WalSegmentMismatchException(String message) {
        super(message);
    }
}
