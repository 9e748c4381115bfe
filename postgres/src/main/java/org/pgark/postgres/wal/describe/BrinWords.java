package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** BRIN: indexes of summaries of block ranges. */
final class BrinWords implements RecordWords {
    private static final int CREATE_INDEX = 0x00;
    private static final int INSERT = 0x10;
    private static final int UPDATE = 0x20;
    private static final int SAMEPAGE_UPDATE = 0x30;
    private static final int REVMAP_EXTEND = 0x40;
    private static final int DESUMMARIZE = 0x50;
    private static final int INITIALISES_PAGE = 0x80;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case CREATE_INDEX -> "CREATE_INDEX";
            case INSERT -> "INSERT";
            case INSERT | INITIALISES_PAGE -> "INSERT+INIT";
            case UPDATE -> "UPDATE";
            case UPDATE | INITIALISES_PAGE -> "UPDATE+INIT";
            case SAMEPAGE_UPDATE -> "SAMEPAGE_UPDATE";
            case REVMAP_EXTEND -> "REVMAP_EXTEND";
            case DESUMMARIZE -> "DESUMMARIZE";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0x70) {
            case CREATE_INDEX -> {
                out.append('v').append(data.unsignedShort(4));
                out.append(" pagesPerRange ").append(data.unsignedInt(0));
            }
            case INSERT -> {
                appendRange(out, data, 0);
                out.append(" offnum ").append(data.unsignedShort(8));
            }
            case UPDATE -> {
                appendRange(out, data, 4);
                out.append(" old offnum ").append(data.unsignedShort(0));
                out.append(", new offnum ").append(data.unsignedShort(12));
            }
            case SAMEPAGE_UPDATE -> out.append("offnum ").append(data.unsignedShort(0));
            case REVMAP_EXTEND -> out.append("targetBlk ").append(data.unsignedInt(0));
            case DESUMMARIZE -> {
                out.append("pagesPerRange ").append(data.unsignedInt(0));
                out.append(", heapBlk ").append(data.unsignedInt(4));
                out.append(", page offset ").append(data.unsignedShort(8));
            }
            default -> {}
        }
    }

    private static void appendRange(StringBuilder out, RecordPart data, int at) {
        out.append("heapBlk ").append(data.unsignedInt(at));
        out.append(" pagesPerRange ").append(data.unsignedInt(at + 4));
    }
}
