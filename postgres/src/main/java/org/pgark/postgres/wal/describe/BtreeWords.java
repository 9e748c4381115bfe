package org.pgark.postgres.wal.describe;

import java.util.Locale;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Btree: B-tree indexes. */
final class BtreeWords implements RecordWords {
    private static final String[] KINDS = {
        "INSERT_LEAF",
        "INSERT_UPPER",
        "INSERT_META",
        "SPLIT_L",
        "SPLIT_R",
        "INSERT_POST",
        "DEDUP",
        "DELETE",
        "UNLINK_PAGE",
        "UNLINK_PAGE_META",
        "NEWROOT",
        "MARK_PAGE_HALFDEAD",
        "VACUUM",
        "REUSE_PAGE",
        "META_CLEANUP",
        ""
    };

    @Override
    public String kind(PostgresMajor major, int info) {
        return KINDS[info >> 4];
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        boolean is16 = major.compareTo(PostgresMajor.V16) >= 0;
        String is = is16 ? ": " : " ";
        String and = is16 ? ", " : "; ";
        switch (KINDS[record.info() >> 4]) {
            case "INSERT_LEAF", "INSERT_UPPER", "INSERT_META", "INSERT_POST" ->
                out.append("off").append(is).append(data.unsignedShort(0));
            case "SPLIT_L", "SPLIT_R" -> {
                out.append("level").append(is).append(data.unsignedInt(0));
                out.append(", firstrightoff").append(is).append(data.unsignedShort(4));
                out.append(", newitemoff").append(is).append(data.unsignedShort(6));
                out.append(", postingoff").append(is).append(data.unsignedShort(8));
            }
            case "DEDUP" -> out.append("nintervals").append(is).append(data.unsignedShort(0));
            case "VACUUM" -> {
                out.append("ndeleted").append(is).append(data.unsignedShort(0));
                out.append(and).append("nupdated").append(is).append(data.unsignedShort(2));
                if (is16) {
                    BtreeRemovals.append(out, record, data.unsignedShort(0), data.unsignedShort(2));
                }
            }
            case "DELETE" -> appendDelete(out, major, record);
            case "MARK_PAGE_HALFDEAD" -> {
                out.append("topparent").append(is).append(data.unsignedInt(16));
                out.append(and).append("leaf").append(is).append(data.unsignedInt(4));
                out.append(and).append("left").append(is).append(data.unsignedInt(8));
                out.append(and).append("right").append(is).append(data.unsignedInt(12));
            }
            case "UNLINK_PAGE", "UNLINK_PAGE_META" -> appendUnlink(out, major, data, is, and);
            case "NEWROOT" -> out.append(is16 ? "level: " : "lev ").append(data.unsignedInt(4));
            case "REUSE_PAGE" -> appendReuse(out, major, data);
            case "META_CLEANUP" -> appendMetaCleanup(out, major, RecordParts.ofBlock(record, 0), is);
            default -> {}
        }
    }

    private static void appendDelete(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (major) {
            case V13 -> {
                out.append("latestRemovedXid ").append(data.unsignedInt(0));
                out.append("; ndeleted ").append(data.unsignedInt(4));
            }
            case V14, V15 -> {
                out.append("latestRemovedXid ").append(data.unsignedInt(0));
                out.append("; ndeleted ").append(data.unsignedShort(4));
                out.append("; nupdated ").append(data.unsignedShort(6));
            }
            case V16, V17, V18 -> {
                out.append("snapshotConflictHorizon: ").append(data.unsignedInt(0));
                out.append(", ndeleted: ").append(data.unsignedShort(4));
                out.append(", nupdated: ").append(data.unsignedShort(6));
                Notation.appendCatalogue(out, ", isCatalogRel: ", major, data.isSet(8));
                BtreeRemovals.append(out, record, data.unsignedShort(4), data.unsignedShort(6));
            }
        }
    }

    private static void appendUnlink(StringBuilder out, PostgresMajor major, RecordPart data, String is, String and) {
        out.append("left").append(is).append(data.unsignedInt(0));
        out.append(and).append("right").append(is).append(data.unsignedInt(4));
        if (major == PostgresMajor.V13) {
            out.append("; btpo_xact ").append(data.unsignedInt(20));
            out.append("; leafleft ").append(data.unsignedInt(8));
            out.append("; leafright ").append(data.unsignedInt(12));
            out.append("; topparent ").append(data.unsignedInt(16));
            return;
        }
        out.append(and).append("level").append(is).append(data.unsignedInt(8));
        Notation.appendFullTransaction(out.append(and).append("safexid").append(is), data.longInteger(16));
        out.append(and).append("leafleft").append(is).append(data.unsignedInt(24));
        out.append(and).append("leafright").append(is).append(data.unsignedInt(28));
        out.append(and).append("leaftopparent").append(is).append(data.unsignedInt(32));
    }

    private static void appendReuse(StringBuilder out, PostgresMajor major, RecordPart data) {
        boolean is16 = major.compareTo(PostgresMajor.V16) >= 0;
        Notation.appendRelation(out.append(is16 ? "rel: " : "rel "), data, 0);
        if (is16) {
            Notation.appendFullTransaction(out.append(", snapshotConflictHorizon: "), data.longInteger(16));
            Notation.appendCatalogue(out, ", isCatalogRel: ", major, data.isSet(24));
        } else if (major == PostgresMajor.V13) {
            out.append("; latestRemovedXid ").append(data.unsignedInt(16));
        } else {
            Notation.appendFullTransaction(out.append("; latestRemovedXid "), data.longInteger(16));
        }
    }

    private static void appendMetaCleanup(StringBuilder out, PostgresMajor major, RecordPart meta, String is) {
        if (major == PostgresMajor.V13) {
            out.append("oldest_btpo_xact ").append(meta.unsignedInt(20));
            out.append(String.format(Locale.ROOT, "; last_cleanup_num_heap_tuples: %f", meta.floating(24)));
        } else {
            out.append("last_cleanup_num_delpages").append(is).append(meta.unsignedInt(20));
        }
    }
}
