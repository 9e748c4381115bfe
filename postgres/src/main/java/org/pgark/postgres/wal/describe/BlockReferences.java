package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalBlocks;

/** The pages that a record changes, in a few words on the record's own line or each on a line of its own. */
public final class BlockReferences {
    private static final String[] FORKS = {"main", "fsm", "vm", "init"};
    private static final int PAGE_BYTES = 8192;

    private BlockReferences() {}

    /** Appends them to the record's line, without its end. */
    public static void appendShort(StringBuilder out, WalBlocks blocks) {
        for (int i = 0; i < blocks.count(); i++) {
            out.append(", ");
            appendPlace(out, blocks, i, blocks.fork(i) != 0);
            if (blocks.hasImage(i)) {
                out.append(blocks.isImageApplied(i) ? " FPW" : " FPW for WAL verification");
            }
        }
    }

    /** Appends a line for each, with what its image leaves out. */
    public static void appendLines(StringBuilder out, PostgresMajor major, WalBlocks blocks) {
        for (int i = 0; i < blocks.count(); i++) {
            out.append('\t');
            appendPlace(out, blocks, i, true);
            if (blocks.hasImage(i)) {
                appendImage(out, major, blocks, i);
            }
            out.append('\n');
        }
    }

    private static void appendPlace(StringBuilder out, WalBlocks blocks, int i, boolean withFork) {
        out.append("blkref #").append(blocks.id(i)).append(": rel ");
        appendUnsigned(out, blocks.tablespace(i)).append('/');
        appendUnsigned(out, blocks.database(i)).append('/');
        appendUnsigned(out, blocks.relation(i));
        if (withFork) {
            out.append(" fork ").append(fork(blocks.fork(i)));
        }
        appendUnsigned(out.append(" blk "), blocks.number(i));
    }

    private static void appendImage(StringBuilder out, PostgresMajor major, WalBlocks blocks, int i) {
        out.append(blocks.isImageApplied(i) ? " (FPW)" : " (FPW for WAL verification)");
        out.append("; hole: offset: ").append(blocks.holeOffset(i));
        out.append(", length: ").append(blocks.holeBytes(i));
        ImageCompression compression = ImageCompression.of(major, blocks.imageFlags(i));
        if (compression != ImageCompression.NONE) {
            appendUnsigned(
                    out.append(", compression saved: "), PAGE_BYTES - blocks.holeBytes(i) - blocks.imageBytes(i));
            if (major.compareTo(PostgresMajor.V15) >= 0) {
                out.append(", method: ").append(compression.word());
            }
        }
    }

    private static StringBuilder appendUnsigned(StringBuilder out, int number) {
        return out.append(Integer.toUnsignedLong(number));
    }

    /** The name of a fork: main, fsm, vm or init; the number for any other. */
    public static String fork(int number) {
        return number >= 0 && number < FORKS.length ? FORKS[number] : Integer.toString(number);
    }
}
