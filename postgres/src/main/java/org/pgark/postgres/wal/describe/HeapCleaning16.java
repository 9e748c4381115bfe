package org.pgark.postgres.wal.describe;

import org.pgark.postgres.wal.RecordPart;

/** How version 16 says what was pruned, vacuumed and frozen. */
final class HeapCleaning16 {
    private HeapCleaning16() {}

    static void appendPrune(StringBuilder out, RecordPart data, RecordPart block) {
        int redirected = data.unsignedShort(4);
        int dead = data.unsignedShort(6);
        out.append("snapshotConflictHorizon: ").append(data.unsignedInt(0));
        out.append(", nredirected: ").append(redirected).append(", ndead: ").append(dead);
        if (block.length() > 0) {
            int deadAt = 4 * redirected;
            int unusedAt = deadAt + 2 * dead;
            int unused = (block.length() - unusedAt) / 2;
            out.append(", nunused: ").append(unused);
            Redirections.append(out.append(", redirected:"), block, 0, redirected);
            Notation.appendOffsets(out.append(", dead:"), block, deadAt, dead);
            Notation.appendOffsets(out.append(", unused:"), block, unusedAt, unused);
        }
    }

    static void appendVacuum(StringBuilder out, RecordPart data, RecordPart block) {
        int unused = data.unsignedShort(0);
        out.append("nunused: ").append(unused);
        if (block.length() > 0) {
            Notation.appendOffsets(out.append(", unused:"), block, 0, unused);
        }
    }

    static void appendFreeze(StringBuilder out, RecordPart data, RecordPart block) {
        int plans = data.unsignedShort(4);
        out.append("snapshotConflictHorizon: ").append(data.unsignedInt(0));
        out.append(", nplans: ").append(plans);
        if (block.length() > 0) {
            FreezePlans.append(out.append(", plans:"), block, 0, plans, plans * FreezePlans.PLAN_BYTES);
        }
    }
}
