package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** SPGist: space-partitioned trees. Version 13 says less, in other words. */
final class SpGistWords implements RecordWords {
    private static final String[] KINDS = {
        "",
        "ADD_LEAF",
        "MOVE_LEAFS",
        "ADD_NODE",
        "SPLIT_TUPLE",
        "PICKSPLIT",
        "VACUUM_LEAF",
        "VACUUM_ROOT",
        "VACUUM_REDIRECT",
        "",
        "",
        "",
        "",
        "",
        "",
        ""
    };

    @Override
    public String kind(PostgresMajor major, int info) {
        return KINDS[info >> 4];
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        if (major == PostgresMajor.V13) {
            describe13(out, record.mainData(), KINDS[record.info() >> 4]);
        } else {
            describe14(out, major, record.mainData(), KINDS[record.info() >> 4]);
        }
    }

    private static void describe14(StringBuilder out, PostgresMajor major, RecordPart data, String kind) {
        switch (kind) {
            case "ADD_LEAF" -> {
                out.append("off: ")
                        .append(data.unsignedShort(2))
                        .append(", headoff: ")
                        .append(data.unsignedShort(4));
                appendParent(out, data, 6);
                note(out, data.isSet(0), "newpage");
                note(out, data.isSet(1), "nulls");
            }
            case "MOVE_LEAFS" -> {
                out.append("nmoves: ").append(data.unsignedShort(0));
                appendParent(out, data, 6);
                note(out, data.isSet(2), "newpage");
                note(out, data.isSet(3), "replacedead");
                note(out, data.isSet(4), "nulls");
            }
            case "ADD_NODE" -> {
                out.append("off: ")
                        .append(data.unsignedShort(0))
                        .append(", newoff: ")
                        .append(data.unsignedShort(2));
                out.append(", parentBlk: ").append(data.signedByte(5));
                appendParent(out, data, 6);
                note(out, data.isSet(4), "newpage");
            }
            case "SPLIT_TUPLE" -> {
                out.append("prefixoff: ").append(data.unsignedShort(0));
                out.append(", postfixoff: ").append(data.unsignedShort(2));
                note(out, data.isSet(4), "newpage");
                note(out, data.isSet(5), "same");
            }
            case "PICKSPLIT" -> {
                out.append("ndelete: ").append(data.unsignedShort(2)).append(", ninsert: ");
                out.append(data.unsignedShort(4)).append(", inneroff: ").append(data.unsignedShort(8));
                appendParent(out, data, 14);
                note(out, data.isSet(12), "innerIsParent");
                note(out, data.isSet(11), "nulls");
                note(out, data.isSet(0), "isRootSplit");
            }
            case "VACUUM_LEAF" -> {
                out.append("ndead: ").append(data.unsignedShort(0));
                out.append(", nplaceholder: ").append(data.unsignedShort(2));
                out.append(", nmove: ").append(data.unsignedShort(4));
                out.append(", nchain: ").append(data.unsignedShort(6));
            }
            case "VACUUM_ROOT" -> out.append("ndelete: ").append(data.unsignedShort(0));
            case "VACUUM_REDIRECT" -> {
                boolean is16 = major.compareTo(PostgresMajor.V16) >= 0;
                out.append("ntoplaceholder: ").append(data.unsignedShort(0));
                out.append(", firstplaceholder: ").append(data.unsignedShort(2));
                out.append(is16 ? ", snapshotConflictHorizon: " : ", newestredirectxid: ");
                out.append(data.unsignedInt(4));
                if (is16) {
                    Notation.appendCatalogue(out, ", isCatalogRel: ", major, data.isSet(8));
                }
            }
            default -> {}
        }
    }

    private static void describe13(StringBuilder out, RecordPart data, String kind) {
        switch (kind) {
            case "ADD_LEAF" -> {
                out.append("add leaf to page; off ").append(data.unsignedShort(2));
                out.append("; headoff ").append(data.unsignedShort(4));
                out.append("; parentoff ").append(data.unsignedShort(6));
                note(out, data.isSet(0), "newpage");
                note(out, data.isSet(1), "nulls");
            }
            case "MOVE_LEAFS" -> out.append(data.unsignedShort(0)).append(" leafs");
            case "ADD_NODE" -> out.append("off ").append(data.unsignedShort(0));
            case "SPLIT_TUPLE" -> {
                out.append("prefix off: ").append(data.unsignedShort(0));
                out.append(", postfix off: ").append(data.unsignedShort(2));
                out.append(" (same ").append(data.unsignedByte(5));
                out.append(", new ").append(data.unsignedByte(4)).append(')');
            }
            case "PICKSPLIT" -> {
                out.append("ndel ")
                        .append(data.unsignedShort(2))
                        .append("; nins ")
                        .append(data.unsignedShort(4));
                note(out, data.isSet(12), "innerIsParent");
                note(out, data.isSet(0), "isRootSplit");
            }
            case "VACUUM_REDIRECT" -> out.append("newest XID ").append(data.unsignedInt(4));
            default -> {}
        }
    }

    private static void appendParent(StringBuilder out, RecordPart data, int at) {
        out.append(", parentoff: ").append(data.unsignedShort(at));
        out.append(", nodeI: ").append(data.unsignedShort(at + 2));
    }

    private static void note(StringBuilder out, boolean holds, String what) {
        if (holds) {
            out.append(" (").append(what).append(')');
        }
    }
}
