package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Gin: inverted indexes. */
final class GinWords implements RecordWords {
    private static final int INSERT = 0x20;
    private static final int SPLIT = 0x30;
    private static final int DELETE_LISTPAGE = 0x80;
    private static final int VACUUM_DATA_LEAF_PAGE = 0x90;

    private static final int IS_DATA = 1;
    private static final int IS_LEAF = 2;
    private static final int SPLITS_ROOT = 4;
    private static final int META_PAGE_BYTES = 56;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case 0x10 -> "CREATE_PTREE";
            case INSERT -> "INSERT";
            case SPLIT -> "SPLIT";
            case 0x40 -> "VACUUM_PAGE";
            case 0x50 -> "DELETE_PAGE";
            case 0x60 -> "UPDATE_META_PAGE";
            case 0x70 -> "INSERT_LISTPAGE";
            case DELETE_LISTPAGE -> "DELETE_LISTPAGE";
            case VACUUM_DATA_LEAF_PAGE -> "VACUUM_DATA_LEAF_PAGE";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case INSERT -> appendInsert(out, record);
            case SPLIT -> {
                int flags = data.unsignedShort(24);
                out.append("isrootsplit: ")
                        .append(Notation.letter((flags & SPLITS_ROOT) != 0))
                        .append(' ');
                appendFlags(out, flags);
            }
            case VACUUM_DATA_LEAF_PAGE -> {
                if (!appendImage(out, record)) {
                    appendLeaf(out, RecordParts.ofBlock(record, 0));
                }
            }
            case DELETE_LISTPAGE -> out.append("ndeleted: ").append(data.signedInt(META_PAGE_BYTES));
            default -> {}
        }
    }

    private static void appendFlags(StringBuilder out, int flags) {
        out.append("isdata: ").append(Notation.letter((flags & IS_DATA) != 0));
        out.append(" isleaf: ").append(Notation.letter((flags & IS_LEAF) != 0));
    }

    private static void appendInsert(StringBuilder out, WalRecord record) {
        RecordPart data = record.mainData();
        int flags = data.unsignedShort(0);
        appendFlags(out, flags);
        if ((flags & IS_LEAF) == 0) {
            out.append(" children: ").append(Notation.blockOfHalves(data, 2)).append('/');
            out.append(Notation.blockOfHalves(data, 6));
        }
        if (appendImage(out, record)) {
            return;
        }
        RecordPart block = RecordParts.ofBlock(record, 0);
        if ((flags & IS_DATA) == 0) {
            out.append(" isdelete: ").append(Notation.letter(block.isSet(2)));
        } else if ((flags & IS_LEAF) != 0) {
            appendLeaf(out, block);
        } else {
            out.append(" pitem: ").append(Notation.blockOfHalves(block, 2)).append('-');
            out.append(Notation.blockOfHalves(block, 6)).append('/').append(block.unsignedShort(10));
        }
    }

    private static boolean appendImage(StringBuilder out, WalRecord record) {
        if (!RecordParts.hasImage(record, 0)) {
            return false;
        }
        boolean applied = RecordParts.isImageApplied(record, 0);
        out.append(applied ? " (full page image)" : " (full page image, for WAL verification)");
        return true;
    }

    private static void appendLeaf(StringBuilder out, RecordPart block) {
        int actions = block.unsignedShort(0);
        int at = 2;
        out.append(' ').append(actions).append(" segments:");
        for (int i = 0; i < actions; i++) {
            int segment = block.unsignedByte(at);
            int action = block.unsignedByte(at + 1);
            at += 2;
            out.append(' ').append(segment);
            switch (action) {
                case 1 -> out.append(" (delete)");
                case 2, 3 -> {
                    at += 8 + (block.unsignedShort(at + 6) + 1 & ~1);
                    out.append(action == 2 ? " (insert)" : " (replace)");
                }
                case 4 -> {
                    int items = block.unsignedShort(at);
                    at += 2 + 6 * items;
                    out.append(" (add ").append(items).append(" items)");
                }
                default -> {
                    out.append(" unknown action ").append(action).append(" ???");
                    return;
                }
            }
        }
    }
}
