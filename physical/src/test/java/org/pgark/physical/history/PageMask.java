package org.pgark.physical.history;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes all bytes of a page equal that may differ between two copies of a cluster that were replayed to the same
 * position: what access/common/bufmask.c and the mask functions of the access methods leave out of
 * {@code wal_consistency_checking}.
 */
final class PageMask {
    static final int PAGE = 8192;

    private static final int FLAGS = 10;
    private static final int LOWER = 12;
    private static final int UPPER = 14;
    private static final int SPECIAL = 16;
    private static final int PRUNE_XID = 20;
    private static final int HEADER = 24;
    /** What GIN, SP-GiST, BRIN and sequences have at the end of a page. */
    private static final int SHORT_SPECIAL = 8;

    private static final int SEQUENCE_MAGIC = 0x1717;
    private static final int GIN_DELETED = 1 << 2;
    private static final int BTREE_DELETED = 1 << 2;
    private static final int BTREE_HAS_FULL_XID = 1 << 8;
    private static final int HASH_ID = 0xFF80;
    private static final int GIST_ID = 0xFF81;
    private static final int SPGIST_ID = 0xFF82;
    private static final int SPGIST_META = 1;
    private static final int FIRST_BRIN_ID = 0xF091;
    private static final int LAST_BRIN_ID = 0xF093;

    private PageMask() {}

    /** The page without what may differ. */
    static ByteBuffer masked(byte[] file, int offset) {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        page.put(file, offset, PAGE).clear();
        if (isZero(page)) {
            return page;
        }
        long lsn = page.getLong(0);
        page.putLong(0, 0).putShort(8, (short) 0);
        page.putShort(FLAGS, (short) (page.getShort(FLAGS) & ~7)).putInt(PRUNE_XID, 0);
        int lower = unsigned(page, LOWER);
        int upper = unsigned(page, UPPER);
        int special = unsigned(page, SPECIAL);
        if (lower < HEADER || lower > upper || upper > special || special > PAGE) {
            return page;
        }
        // GIN has pages that say of their content only where it ends; all others may have remains where nothing is.
        if (lower > HEADER || PAGE - special != SHORT_SPECIAL || isOfTuplesOfSpGist(page, special)) {
            clear(page, lower, upper);
        }
        switch (PAGE - special) {
            case 0 -> maskTuples(page, lower);
            case SHORT_SPECIAL -> maskShortSpecial(page, special, upper, lsn);
            case 16 -> maskLongSpecial(page, special, lower);
            default -> {}
        }
        return page;
    }

    /** The same for visibility maps, whose bits stand where other pages have a hole. */
    static ByteBuffer maskedMap(byte[] file, int offset) {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        page.put(file, offset, PAGE).clear();
        return page.putLong(0, 0).putShort(8, (short) 0);
    }

    private static boolean isZero(ByteBuffer page) {
        for (int at = 0; at < PAGE; at += Long.BYTES) {
            if (page.getLong(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int unsigned(ByteBuffer page, int at) {
        return Short.toUnsignedInt(page.getShort(at));
    }

    private static void clear(ByteBuffer page, int from, int to) {
        for (int at = from; at < to; at++) {
            page.put(at, (byte) 0);
        }
    }

    private static void clearBits(ByteBuffer page, int at, int bits) {
        page.putShort(at, (short) (page.getShort(at) & ~bits));
    }

    private static void maskTuples(ByteBuffer page, int lower) {
        for (int at = HEADER; at < lower; at += Integer.BYTES) {
            int pointer = page.getInt(at);
            int offset = pointer & 0x7FFF;
            int length = pointer >>> 17;
            if (((pointer >>> 15) & 3) != 1 || offset + length > PAGE || length < 23) {
                continue;
            }
            // t_cid, which recovery does not know
            page.putInt(offset + 8, 0);
            int infomask = unsigned(page, offset + 20);
            boolean frozen = (infomask & 0x0300) == 0x0300;
            // HEAP_COMBOCID and the hints about xmin and xmax
            page.putShort(offset + 20, (short) ((infomask & ~0x0F20) | (frozen ? 0x0300 : 0)));
            int end = Math.min((offset + length + 7) & ~7, PAGE);
            clear(page, offset + length, end);
        }
    }

    /** One that has no tuples any more says so by the same numbers as such a page of GIN. */
    private static boolean isOfTuplesOfSpGist(ByteBuffer page, int special) {
        return unsigned(page, special + 6) == SPGIST_ID && (unsigned(page, special) & SPGIST_META) == 0;
    }

    private static void maskShortSpecial(ByteBuffer page, int special, int upper, long lsn) {
        int id = unsigned(page, special + 6);
        if (page.getLong(special) == SEQUENCE_MAGIC) {
            // WAL is ahead of the values that were drawn, but what was logged last must be the same.
            clear(page, upper, special);
            page.putLong(0, lsn);
            return;
        }
        if (id == SPGIST_ID) {
            if ((unsigned(page, special) & SPGIST_META) != 0) {
                // lastUsedPages of the meta page is never logged
                clear(page, HEADER + 4, HEADER + 4 + 64);
            }
        } else if (id >= FIRST_BRIN_ID && id <= LAST_BRIN_ID) {
            // BRIN_EVACUATE_PAGE is a hint
            clearBits(page, special + 4, 1);
        } else if ((id & GIN_DELETED) != 0) {
            // Recovery of a deletion makes an empty page, the server leaves what was there.
            clear(page, LOWER, SPECIAL);
            clear(page, HEADER, special + 6);
        }
    }

    private static void maskLongSpecial(ByteBuffer page, int special, int lower) {
        int id = unsigned(page, special + 14);
        if (id == HASH_ID) {
            // LH_PAGE_HAS_DEAD_TUPLES
            clearBits(page, special + 12, 1 << 7);
            if ((unsigned(page, special + 12) & 3) != 0) {
                maskPointers(page, lower);
            }
        } else if (id == GIST_ID) {
            page.putLong(special, 0);
            // F_HAS_GARBAGE and F_FOLLOW_RIGHT
            clearBits(page, special + 12, (1 << 3) | (1 << 4));
            if ((unsigned(page, special + 12) & 1) != 0) {
                maskPointers(page, lower);
            }
        } else if ((unsigned(page, special + 12) & (BTREE_DELETED | BTREE_HAS_FULL_XID)) == BTREE_DELETED) {
            // Recovery of a deletion makes an empty page, servers before 14 leave what was there.
            clear(page, LOWER, SPECIAL);
            clear(page, HEADER, PAGE);
        } else {
            // BTP_SPLIT_END, BTP_HAS_GARBAGE, and the number of the vacuum that is under way
            clearBits(page, special + 12, (1 << 5) | (1 << 6));
            page.putShort(special + 14, (short) 0);
            if ((unsigned(page, special + 12) & 1) != 0) {
                maskPointers(page, lower);
            }
        }
    }

    /** The items of an index's leaf may be marked as dead. */
    private static void maskPointers(ByteBuffer page, int lower) {
        for (int at = HEADER; at + Integer.BYTES <= lower; at += Integer.BYTES) {
            page.putInt(at, page.getInt(at) & ~(3 << 15));
        }
    }
}
