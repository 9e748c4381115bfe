package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Gist: generalised search trees. */
final class GistWords implements RecordWords {
    private static final int DELETE = 0x10;
    private static final int PAGE_REUSE = 0x20;
    private static final int PAGE_SPLIT = 0x30;
    private static final int PAGE_DELETE = 0x60;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case 0x00 -> "PAGE_UPDATE";
            case DELETE -> "DELETE";
            case PAGE_REUSE -> "PAGE_REUSE";
            case PAGE_SPLIT -> "PAGE_SPLIT";
            case PAGE_DELETE -> "PAGE_DELETE";
            case 0x70 -> "ASSIGN_LSN";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        boolean is16 = major.compareTo(PostgresMajor.V16) >= 0;
        String horizon = is16 ? "snapshotConflictHorizon " : "latestRemovedXid ";
        switch (record.info() & 0xF0) {
            case DELETE -> {
                out.append("delete: ").append(horizon).append(data.unsignedInt(0));
                out.append(", nitems: ").append(data.unsignedShort(4));
                if (is16) {
                    Notation.appendCatalogue(out, ", isCatalogRel ", major, data.isSet(6));
                }
            }
            case PAGE_REUSE -> {
                Notation.appendRelation(out.append("rel "), data, 0);
                out.append("; blk ").append(data.unsignedInt(12)).append("; ").append(horizon);
                Notation.appendFullTransaction(out, data.longInteger(16));
                if (is16) {
                    Notation.appendCatalogue(out, ", isCatalogRel ", major, data.isSet(24));
                }
            }
            case PAGE_SPLIT ->
                out.append("page_split: splits to ")
                        .append(data.unsignedShort(18))
                        .append(" pages");
            case PAGE_DELETE -> {
                Notation.appendFullTransaction(out.append("deleteXid "), data.longInteger(0));
                out.append("; downlink ").append(data.unsignedShort(8));
            }
            default -> {}
        }
    }
}
