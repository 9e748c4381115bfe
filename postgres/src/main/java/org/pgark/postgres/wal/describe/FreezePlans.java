package org.pgark.postgres.wal.describe;

import org.pgark.postgres.wal.RecordPart;

/** How groups of rows are frozen: plans of 12 bytes one after the other, and elsewhere the line numbers of all. */
final class FreezePlans {
    static final int PLAN_BYTES = 12;

    private FreezePlans() {}

    static void append(StringBuilder out, RecordPart data, int plansAt, int count, int offsetsAt) {
        int at = offsetsAt;
        out.append(" [");
        for (int i = 0; i < count; i++) {
            int plan = plansAt + i * PLAN_BYTES;
            int rows = data.unsignedShort(plan + 10);
            out.append(i == 0 ? "" : ", ").append("{ xmax: ").append(data.unsignedInt(plan));
            out.append(", infomask: ").append(data.unsignedShort(plan + 6));
            out.append(", infomask2: ").append(data.unsignedShort(plan + 4));
            out.append(", ntuples: ").append(rows).append(", offsets:");
            Notation.appendOffsets(out, data, at, rows);
            out.append(" }");
            at += 2 * rows;
        }
        out.append(']');
    }
}
