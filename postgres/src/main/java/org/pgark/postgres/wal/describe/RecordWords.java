package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalRecord;

/** The words of one resource manager. */
interface RecordWords {
    /**
     * The name of a kind of record.
     *
     * @param info the record's {@code xl_info} without the lower four bits
     * @return empty if the version knows no such kind
     */
    String kind(PostgresMajor major, int info);

    /**
     * Appends the details.
     *
     * @throws IndexOutOfBoundsException if the record is shorter than its kind must be; what was appended stays
     */
    void describe(StringBuilder out, PostgresMajor major, WalRecord record);
}
