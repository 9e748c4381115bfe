package org.pgark.postgres.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tells pages apart that differ in nothing but hints, which the server may write without WAL: storage/bufpage.h,
 * access/htup_details.h, and what access/common/bufmask.c leaves out of comparisons for the same reason.
 */
public final class HintBits {
    private static final int PAGE = PageChecksum.PAGE_BYTES;
    private static final int CHECKSUM = 8;
    private static final int FLAGS = 10;
    private static final int LOWER = 12;
    private static final int SPECIAL = 16;
    private static final int PRUNE_XID = 20;
    private static final int LINE_POINTERS = 24;
    private static final int INFOMASK = 20;
    private static final int TUPLE_HEADER = 23;

    /** PD_HAS_FREE_LINES and PD_PAGE_FULL. */
    private static final int HINT_FLAGS = 0x0003;
    /** HEAP_XMIN_COMMITTED, HEAP_XMIN_INVALID, HEAP_XMAX_COMMITTED, HEAP_XMAX_INVALID. */
    private static final int HINT_INFOMASK = 0x0F00;
    /** lp_flags of an ItemIdData, which an index scan sets to LP_DEAD. */
    private static final int LINE_POINTER_FLAGS = 3 << 15;

    private HintBits() {}

    /** The number in which an SP-GiST page ends: access/spgist_private.h. */
    private static final int SPGIST_PAGE = 0xFF82;

    private static final int SPGIST_SPECIAL_BYTES = 8;
    private static final int SPGIST_META = 1;
    /** lastUsedPages of SpGistMetaPageData, which SpGistUpdateMetaPage writes without WAL. */
    private static final int SPGIST_LAST_USED = 28;

    private static final int SPGIST_LAST_USED_BYTES = 64;

    /** Whether two pages are equal but for hints. Neither is changed; both are little-endian. */
    public static boolean alone(ByteBuffer one, ByteBuffer other) {
        return masked(one).equals(masked(other));
    }

    private static ByteBuffer masked(ByteBuffer page) {
        ByteBuffer copy = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(page.duplicate()).clear();
        copy.putShort(CHECKSUM, (short) 0);
        copy.putShort(FLAGS, (short) (copy.getShort(FLAGS) & ~HINT_FLAGS));
        copy.putInt(PRUNE_XID, 0);
        int lower = Short.toUnsignedInt(copy.getShort(LOWER));
        int special = Short.toUnsignedInt(copy.getShort(SPECIAL));
        if (lower < LINE_POINTERS || lower > PAGE || special > PAGE) {
            return copy;
        }
        if (isSpGistMeta(copy, special)) {
            clear(copy, SPGIST_LAST_USED, SPGIST_LAST_USED + SPGIST_LAST_USED_BYTES);
            return copy;
        }
        boolean heap = special == PAGE;
        for (int at = LINE_POINTERS; at + Integer.BYTES <= lower; at += Integer.BYTES) {
            int pointer = copy.getInt(at);
            if (heap) {
                maskTuple(copy, pointer);
            } else {
                copy.putInt(at, pointer & ~LINE_POINTER_FLAGS);
            }
        }
        // What an index keeps there has flags that say that some of its items are dead.
        clear(copy, special, PAGE);
        return copy;
    }

    private static boolean isSpGistMeta(ByteBuffer page, int special) {
        return special == PAGE - SPGIST_SPECIAL_BYTES
                && Short.toUnsignedInt(page.getShort(PAGE - 2)) == SPGIST_PAGE
                && (page.getShort(special) & SPGIST_META) != 0;
    }

    private static void clear(ByteBuffer page, int from, int to) {
        for (int at = from; at < to; at++) {
            page.put(at, (byte) 0);
        }
    }

    private static void maskTuple(ByteBuffer page, int pointer) {
        int offset = pointer & 0x7FFF;
        int length = pointer >>> 17;
        if (length < TUPLE_HEADER || offset + length > PAGE) {
            return;
        }
        page.putShort(offset + INFOMASK, (short) (page.getShort(offset + INFOMASK) & ~HINT_INFOMASK));
    }
}
