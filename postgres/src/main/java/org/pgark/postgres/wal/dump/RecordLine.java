package org.pgark.postgres.wal.dump;

import java.util.Locale;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalBlocks;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.describe.BlockReferences;
import org.pgark.postgres.wal.describe.RecordDescription;

/** A record as pg_waldump prints it. */
public final class RecordLine {
    private static final int MANAGER_WIDTH = 11;

    private RecordLine() {}

    /**
     * Appends the record's line, and with details a line for each page that it names.
     *
     * @param withDetails whether pages stand on lines of their own
     */
    public static void append(StringBuilder out, PostgresMajor major, WalRecord record, boolean withDetails) {
        int manager = record.resourceManager();
        String name = RecordDescription.manager(manager);
        out.append("rmgr: ").append(name).repeat(' ', Math.max(0, MANAGER_WIDTH - name.length()));
        out.append(" len (rec/tot): ");
        appendRight(out, (long) record.length() - imageBytes(record.blocks()), 6)
                .append('/');
        appendRight(out, record.length(), 6).append(", tx: ");
        appendRight(out, Integer.toUnsignedLong(record.transactionId()), 10).append(", lsn: ");
        appendPosition(out, record.start().value());
        out.append(", prev ");
        appendPosition(out, record.previous().value());
        out.append(", desc: ");
        out.append(RecordDescription.kind(major, manager, record.info())).append(' ');
        RecordDescription.appendDetails(out, major, record);
        if (withDetails) {
            out.append('\n');
            BlockReferences.appendLines(out, major, record.blocks());
        } else {
            BlockReferences.appendShort(out, record.blocks());
            out.append('\n');
        }
    }

    /** How many bytes of a record are images of pages. */
    static int imageBytes(WalBlocks blocks) {
        int bytes = 0;
        for (int i = 0; i < blocks.count(); i++) {
            bytes += blocks.imageBytes(i);
        }
        return bytes;
    }

    private static StringBuilder appendRight(StringBuilder out, long number, int width) {
        String text = Long.toString(number);
        return out.repeat(' ', Math.max(0, width - text.length())).append(text);
    }

    private static void appendPosition(StringBuilder out, long position) {
        out.append(Long.toHexString(position >>> 32).toUpperCase(Locale.ROOT)).append('/');
        String low = Long.toHexString(position & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
        out.repeat('0', 8 - low.length()).append(low);
    }
}
