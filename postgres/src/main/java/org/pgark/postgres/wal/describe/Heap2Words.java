package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Heap2: pruning, freezing, visibility, rows in bulk. Version 17 made one kind of record of pruning and freezing. */
final class Heap2Words implements RecordWords {
    private static final int REWRITE = 0x00;
    private static final int FIRST_CLEANING = 0x10;
    private static final int SECOND_CLEANING = 0x20;
    private static final int THIRD_CLEANING = 0x30;
    private static final int VISIBLE = 0x40;
    private static final int MULTI_INSERT = 0x50;
    private static final int LOCK_UPDATED = 0x60;
    private static final int NEW_CID = 0x70;
    private static final int INITIALISES_PAGE = 0x80;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case REWRITE -> "REWRITE";
            case FIRST_CLEANING -> Cleaning.of(major).first();
            case SECOND_CLEANING -> Cleaning.of(major).second();
            case THIRD_CLEANING -> Cleaning.of(major).third();
            case VISIBLE -> "VISIBLE";
            case MULTI_INSERT -> "MULTI_INSERT";
            case MULTI_INSERT | INITIALISES_PAGE -> "MULTI_INSERT+INIT";
            case LOCK_UPDATED -> "LOCK_UPDATED";
            case NEW_CID -> "NEW_CID";
            default -> "";
        };
    }

    /** What the three kinds that clean a page are called. */
    private record Cleaning(String first, String second, String third) {
        static Cleaning of(PostgresMajor major) {
            return switch (major) {
                case V13 -> new Cleaning("CLEAN", "FREEZE_PAGE", "CLEANUP_INFO");
                case V14, V15, V16 -> new Cleaning("PRUNE", "VACUUM", "FREEZE_PAGE");
                case V17, V18 -> new Cleaning("PRUNE_ON_ACCESS", "PRUNE_VACUUM_SCAN", "PRUNE_VACUUM_CLEANUP");
            };
        }
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        boolean is16 = RowLock.isList(major);
        switch (record.info() & 0x70) {
            case FIRST_CLEANING, SECOND_CLEANING, THIRD_CLEANING ->
                appendCleaning(out, major, record, record.info() & 0x70);
            case VISIBLE -> {
                out.append(is16 ? "snapshotConflictHorizon: " : "cutoff xid ").append(data.unsignedInt(0));
                Notation.appendFlags(out.append(is16 ? ", flags: " : " flags "), data.unsignedByte(4));
            }
            case MULTI_INSERT -> appendMultiInsert(out, is16, record);
            case LOCK_UPDATED -> {
                if (is16) {
                    HeapWords.appendLock16(out, data);
                } else {
                    HeapWords.appendLock15(out, data, ": xmax ");
                }
            }
            case NEW_CID -> {
                out.append(is16 ? "rel: " : "rel ");
                Notation.appendRelation(out, data, 16);
                out.append(is16 ? ", tid: " : "; tid ").append(Notation.blockOfHalves(data, 28));
                out.append('/').append(data.unsignedShort(32));
                out.append(is16 ? ", cmin: " : "; cmin: ").append(data.unsignedInt(4));
                out.append(", cmax: ").append(data.unsignedInt(8));
                out.append(", combo: ").append(data.unsignedInt(12));
            }
            default -> {}
        }
    }

    private static void appendMultiInsert(StringBuilder out, boolean is16, WalRecord record) {
        RecordPart data = record.mainData();
        int rows = data.unsignedShort(2);
        if (!is16) {
            out.append(rows).append(" tuples flags ");
            Notation.appendFlags(out, data.unsignedByte(0));
            return;
        }
        Notation.appendFlags(out.append("ntuples: ").append(rows).append(", flags: "), data.unsignedByte(0));
        if ((record.info() & INITIALISES_PAGE) == 0 && blockData(record).length() > 0) {
            Notation.appendOffsets(out.append(", offsets:"), data, 4, rows);
        }
    }

    private static void appendCleaning(StringBuilder out, PostgresMajor major, WalRecord record, int operation) {
        RecordPart data = record.mainData();
        switch (major) {
            case V13 -> {
                switch (operation) {
                    case SECOND_CLEANING -> appendFreeze15(out, data);
                    case THIRD_CLEANING -> out.append("remxid ").append(data.unsignedInt(12));
                    default -> out.append("remxid ").append(data.unsignedInt(0));
                }
            }
            case V14, V15 -> {
                switch (operation) {
                    case SECOND_CLEANING -> out.append("nunused ").append(data.unsignedShort(0));
                    case THIRD_CLEANING -> appendFreeze15(out, data);
                    default -> {
                        out.append("latestRemovedXid ").append(data.unsignedInt(0));
                        out.append(" nredirected ").append(data.unsignedShort(4));
                        out.append(" ndead ").append(data.unsignedShort(6));
                    }
                }
            }
            case V16 -> {
                switch (operation) {
                    case SECOND_CLEANING -> HeapCleaning16.appendVacuum(out, data, blockData(record));
                    case THIRD_CLEANING -> HeapCleaning16.appendFreeze(out, data, blockData(record));
                    default -> HeapCleaning16.appendPrune(out, data, blockData(record));
                }
            }
            case V17, V18 -> HeapCleaning17.append(out, data, blockData(record));
        }
    }

    private static void appendFreeze15(StringBuilder out, RecordPart data) {
        out.append("cutoff xid ")
                .append(data.unsignedInt(0))
                .append(" ntuples ")
                .append(data.unsignedShort(4));
    }

    /** What the record says of its first page; empty if an image takes its place. */
    private static RecordPart blockData(WalRecord record) {
        return RecordParts.ofBlock(record, 0);
    }
}
