package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Generic: stretches of pages that an extension changed. */
final class GenericWords implements RecordWords {
    @Override
    public String kind(PostgresMajor major, int info) {
        return "Generic";
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        int at = 0;
        while (at < data.length()) {
            int length = data.unsignedShort(at + 2);
            out.append("offset ")
                    .append(data.unsignedShort(at))
                    .append(", length ")
                    .append(length);
            at += 4 + length;
            out.append(at < data.length() ? "; " : "");
        }
    }
}
