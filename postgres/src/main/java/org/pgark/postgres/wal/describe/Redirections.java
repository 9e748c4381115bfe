package org.pgark.postgres.wal.describe;

import org.pgark.postgres.wal.RecordPart;

/** Line pointers that lead to others: pairs of line numbers. */
final class Redirections {
    private Redirections() {}

    static void append(StringBuilder out, RecordPart data, int at, int count) {
        out.append(" [");
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ", ")
                    .append(data.unsignedShort(at + 4 * i))
                    .append("->");
            out.append(data.unsignedShort(at + 4 * i + 2));
        }
        out.append(']');
    }
}
