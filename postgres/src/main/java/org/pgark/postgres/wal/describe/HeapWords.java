package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** Heap: rows. Version 16 put all of it into other words. */
final class HeapWords implements RecordWords {
    private static final int INSERT = 0x00;
    private static final int DELETE = 0x10;
    private static final int UPDATE = 0x20;
    private static final int TRUNCATE = 0x30;
    private static final int HOT_UPDATE = 0x40;
    private static final int CONFIRM = 0x50;
    private static final int LOCK = 0x60;
    private static final int INPLACE = 0x70;
    private static final int INITIALISES_PAGE = 0x80;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case INSERT -> "INSERT";
            case INSERT | INITIALISES_PAGE -> "INSERT+INIT";
            case DELETE -> "DELETE";
            case UPDATE -> "UPDATE";
            case UPDATE | INITIALISES_PAGE -> "UPDATE+INIT";
            case HOT_UPDATE -> "HOT_UPDATE";
            case HOT_UPDATE | INITIALISES_PAGE -> "HOT_UPDATE+INIT";
            case TRUNCATE -> "TRUNCATE";
            case CONFIRM -> "HEAP_CONFIRM";
            case LOCK -> "LOCK";
            case INPLACE -> "INPLACE";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        int operation = record.info() & 0x70;
        if (RowLock.isList(major)) {
            describe16(out, major, data, operation);
        } else {
            describe15(out, data, operation);
        }
    }

    private static void describe16(StringBuilder out, PostgresMajor major, RecordPart data, int operation) {
        switch (operation) {
            case INSERT -> {
                out.append("off: ").append(data.unsignedShort(0)).append(", flags: ");
                Notation.appendFlags(out, data.unsignedByte(2));
            }
            case DELETE, LOCK -> appendLock16(out, data);
            case UPDATE, HOT_UPDATE -> {
                out.append("old_xmax: ").append(data.unsignedInt(0));
                out.append(", old_off: ").append(data.unsignedShort(4)).append(", ");
                RowLock.append(out, "old_infobits", data.unsignedByte(6));
                out.append(", flags: ");
                Notation.appendFlags(out, data.unsignedByte(7));
                out.append(", new_xmax: ").append(data.unsignedInt(8));
                out.append(", new_off: ").append(data.unsignedShort(12));
            }
            case TRUNCATE -> appendTruncate16(out, data);
            case CONFIRM -> out.append("off: ").append(data.unsignedShort(0));
            case INPLACE -> {
                out.append("off: ").append(data.unsignedShort(0));
                if (major.compareTo(PostgresMajor.V18) >= 0) {
                    long database = data.unsignedInt(4);
                    long tablespace = data.unsignedInt(8);
                    int messages = data.signedInt(16);
                    Invalidations.append(out, major, data, 20, messages, database, tablespace, data.isSet(12));
                }
            }
            default -> {}
        }
    }

    static void appendLock16(StringBuilder out, RecordPart data) {
        out.append("xmax: ").append(data.unsignedInt(0));
        out.append(", off: ").append(data.unsignedShort(4)).append(", ");
        RowLock.append(out, "infobits", data.unsignedByte(6));
        out.append(", flags: ");
        Notation.appendFlags(out, data.unsignedByte(7));
    }

    private static void appendTruncate16(StringBuilder out, RecordPart data) {
        int flags = data.unsignedByte(8);
        int count = data.signedInt(4);
        out.append("flags: [");
        out.append((flags & 1) != 0 ? "CASCADE" : "");
        out.append((flags & 3) == 3 ? ", " : "");
        out.append((flags & 2) != 0 ? "RESTART_SEQS" : "");
        out.append("], nrelids: ").append(count).append(", relids: [");
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ", ").append(data.unsignedInt(12 + 4 * i));
        }
        out.append(']');
    }

    private static void describe15(StringBuilder out, RecordPart data, int operation) {
        switch (operation) {
            case INSERT -> {
                out.append("off ").append(data.unsignedShort(0)).append(" flags ");
                Notation.appendFlags(out, data.unsignedByte(2));
            }
            case DELETE -> {
                out.append("off ").append(data.unsignedShort(4)).append(" flags ");
                Notation.appendFlags(out, data.unsignedByte(7));
                RowLock.append(out.append(' '), data.unsignedByte(6));
            }
            case UPDATE, HOT_UPDATE -> {
                out.append("off ")
                        .append(data.unsignedShort(4))
                        .append(" xmax ")
                        .append(data.unsignedInt(0));
                Notation.appendFlags(out.append(" flags "), data.unsignedByte(7));
                RowLock.append(out.append(' '), data.unsignedByte(6));
                out.append("; new off ").append(data.unsignedShort(12));
                out.append(" xmax ").append(data.unsignedInt(8));
            }
            case TRUNCATE -> {
                int flags = data.unsignedByte(8);
                out.append((flags & 1) != 0 ? "cascade " : "").append((flags & 2) != 0 ? "restart_seqs " : "");
                out.append("nrelids ").append(data.unsignedInt(4)).append(" relids");
                for (int i = 0; i < data.signedInt(4); i++) {
                    out.append(' ').append(data.unsignedInt(12 + 4 * i));
                }
            }
            case CONFIRM, INPLACE -> out.append("off ").append(data.unsignedShort(0));
            case LOCK -> appendLock15(out, data, ": xid ");
            default -> {}
        }
    }

    static void appendLock15(StringBuilder out, RecordPart data, String label) {
        out.append("off ").append(data.unsignedShort(4)).append(label).append(data.unsignedInt(0));
        out.append(": flags ");
        Notation.appendFlags(out, data.unsignedByte(7));
        RowLock.append(out.append(' '), data.unsignedByte(6));
    }
}
