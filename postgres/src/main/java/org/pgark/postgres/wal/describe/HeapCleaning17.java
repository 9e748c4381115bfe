package org.pgark.postgres.wal.describe;

import org.pgark.postgres.wal.RecordPart;

/** How versions 17 and 18 say what was pruned and frozen: one record, whose parts are there only if a flag says so. */
final class HeapCleaning17 {
    private static final int OF_CATALOGUE = 1 << 1;
    private static final int HAS_HORIZON = 1 << 3;
    private static final int HAS_PLANS = 1 << 4;
    private static final int HAS_REDIRECTIONS = 1 << 5;
    private static final int HAS_DEAD = 1 << 6;
    private static final int HAS_UNUSED = 1 << 7;

    private HeapCleaning17() {}

    static void append(StringBuilder out, RecordPart data, RecordPart block) {
        int flags = data.unsignedByte(1);
        if ((flags & HAS_HORIZON) != 0) {
            out.append("snapshotConflictHorizon: ").append(data.unsignedInt(2));
        }
        out.append(", isCatalogRel: ").append(Notation.letter((flags & OF_CATALOGUE) != 0));
        if (block.length() > 0) {
            appendParts(out, flags, block);
        }
    }

    private static void appendParts(StringBuilder out, int flags, RecordPart block) {
        int at = 0;
        int plans = 0;
        if ((flags & HAS_PLANS) != 0) {
            plans = block.unsignedShort(0);
            at = 4 + plans * FreezePlans.PLAN_BYTES;
        }
        int redirectedAt = at + 2;
        int redirected = count(flags, HAS_REDIRECTIONS, block, at);
        at += redirected > 0 ? 2 + 4 * redirected : 0;
        int deadAt = at + 2;
        int dead = count(flags, HAS_DEAD, block, at);
        at += dead > 0 ? 2 + 2 * dead : 0;
        int unusedAt = at + 2;
        int unused = count(flags, HAS_UNUSED, block, at);
        at += unused > 0 ? 2 + 2 * unused : 0;

        out.append(", nplans: ").append(plans).append(", nredirected: ").append(redirected);
        out.append(", ndead: ").append(dead).append(", nunused: ").append(unused);
        if (plans > 0) {
            FreezePlans.append(out.append(", plans:"), block, 4, plans, at);
        }
        if (redirected > 0) {
            Redirections.append(out.append(", redirected:"), block, redirectedAt, redirected);
        }
        if (dead > 0) {
            Notation.appendOffsets(out.append(", dead:"), block, deadAt, dead);
        }
        if (unused > 0) {
            Notation.appendOffsets(out.append(", unused:"), block, unusedAt, unused);
        }
    }

    private static int count(int flags, int flag, RecordPart block, int at) {
        return (flags & flag) != 0 ? block.unsignedShort(at) : 0;
    }
}
