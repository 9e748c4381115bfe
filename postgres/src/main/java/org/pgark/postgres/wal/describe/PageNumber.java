package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;

/** The number of a page of transaction status and the like: 32 bits up to version 16, 64 bits since. */
final class PageNumber {
    private PageNumber() {}

    static int bytes(PostgresMajor major) {
        return major.compareTo(PostgresMajor.V17) >= 0 ? Long.BYTES : Integer.BYTES;
    }

    static long read(PostgresMajor major, RecordPart data, int at) {
        return bytes(major) == Long.BYTES ? data.longInteger(at) : data.signedInt(at);
    }
}
