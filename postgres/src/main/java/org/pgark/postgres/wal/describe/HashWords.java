package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Hash: hash indexes. */
final class HashWords implements RecordWords {
    private static final String[] KINDS = {
        "INIT_META_PAGE",
        "INIT_BITMAP_PAGE",
        "INSERT",
        "ADD_OVFL_PAGE",
        "SPLIT_ALLOCATE_PAGE",
        "SPLIT_PAGE",
        "SPLIT_COMPLETE",
        "MOVE_PAGE_CONTENTS",
        "SQUEEZE_PAGE",
        "DELETE",
        "SPLIT_CLEANUP",
        "UPDATE_META_PAGE",
        "VACUUM_ONE_PAGE",
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
        RecordPart data = record.mainData();
        switch (KINDS[record.info() >> 4]) {
            case "INIT_META_PAGE" -> {
                out.append("num_tuples ").append(Notation.general(data.floating(0)));
                out.append(", fillfactor ").append(data.unsignedShort(12));
            }
            case "INIT_BITMAP_PAGE" -> out.append("bmsize ").append(data.unsignedShort(0));
            case "INSERT" -> out.append("off ").append(data.unsignedShort(0));
            case "ADD_OVFL_PAGE" -> {
                out.append("bmsize ").append(data.unsignedShort(0));
                out.append(", bmpage_found ").append(Notation.letter(data.isSet(2)));
            }
            case "SPLIT_ALLOCATE_PAGE" -> {
                int flags = data.unsignedByte(8);
                out.append("new_bucket ").append(data.unsignedInt(0));
                out.append(", meta_page_masks_updated ").append(Notation.letter((flags & 1) != 0));
                out.append(", issplitpoint_changed ").append(Notation.letter((flags & 2) != 0));
            }
            case "SPLIT_COMPLETE" -> {
                out.append("old_bucket_flag ").append(data.unsignedShort(0));
                out.append(", new_bucket_flag ").append(data.unsignedShort(2));
            }
            case "MOVE_PAGE_CONTENTS" -> {
                out.append("ntups ").append(data.unsignedShort(0));
                out.append(", is_primary ").append(Notation.letter(data.isSet(2)));
            }
            case "SQUEEZE_PAGE" -> {
                out.append("prevblkno ").append(data.unsignedInt(0));
                out.append(", nextblkno ").append(data.unsignedInt(4));
                out.append(", ntups ").append(data.unsignedShort(8));
                out.append(", is_primary ").append(Notation.letter(data.isSet(10)));
            }
            case "DELETE" -> {
                out.append("clear_dead_marking ").append(Notation.letter(data.isSet(0)));
                out.append(", is_primary ").append(Notation.letter(data.isSet(1)));
            }
            case "UPDATE_META_PAGE" -> out.append("ntuples ").append(Notation.general(data.floating(0)));
            case "VACUUM_ONE_PAGE" -> appendVacuum(out, major, data);
            default -> {}
        }
    }

    private static void appendVacuum(StringBuilder out, PostgresMajor major, RecordPart data) {
        switch (major) {
            case V13, V14 -> {
                out.append("ntuples ").append(data.signedInt(4));
                out.append(", latest removed xid ").append(data.unsignedInt(0));
            }
            case V15 -> {
                out.append("ntuples ").append(data.signedInt(4));
                out.append(", latestRemovedXid ").append(data.unsignedInt(0));
            }
            case V16, V17, V18 -> {
                out.append("ntuples ").append(data.unsignedShort(4));
                out.append(", snapshotConflictHorizon ").append(data.unsignedInt(0));
                Notation.appendCatalogue(out, ", isCatalogRel ", major, data.isSet(6));
            }
        }
    }
}
