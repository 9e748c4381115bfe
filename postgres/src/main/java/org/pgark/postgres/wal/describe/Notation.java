package org.pgark.postgres.wal.describe;

import java.util.Locale;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;

/** How values are written. */
final class Notation {
    private static final int GLOBAL_TABLESPACE = 1664;
    private static final int DEFAULT_TABLESPACE = 1663;
    private static final String[] FORKS = {"", "_fsm", "_vm", "_init"};

    private Notation() {}

    static char letter(boolean value) {
        return value ? 'T' : 'F';
    }

    /** A position, the lower half without leading zeroes. */
    static String lsn(long position) {
        return new Lsn(position).toString();
    }

    /** A transaction number with its epoch. */
    static void appendFullTransaction(StringBuilder out, long number) {
        out.append(number >>> 32).append(':').append(number & 0xFFFF_FFFFL);
    }

    /** Two hexadecimal digits after {@code 0x}. */
    static void appendFlags(StringBuilder out, int flags) {
        out.append("0x").append(Character.toUpperCase(Character.forDigit(flags >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(flags & 15, 16)));
    }

    /** Tablespace, database and file number that stand one after the other. */
    static void appendRelation(StringBuilder out, RecordPart part, int at) {
        out.append(part.unsignedInt(at)).append('/');
        out.append(part.unsignedInt(at + 4)).append('/').append(part.unsignedInt(at + 8));
    }

    /** The path in the data directory of a relation's file. */
    static void appendPath(StringBuilder out, PostgresMajor major, RecordPart part, int at, int fork) {
        long tablespace = part.unsignedInt(at);
        if (tablespace == GLOBAL_TABLESPACE) {
            out.append("global/");
        } else if (tablespace == DEFAULT_TABLESPACE) {
            out.append("base/").append(part.unsignedInt(at + 4)).append('/');
        } else {
            out.append("pg_tblspc/").append(tablespace).append('/').append(major.tablespaceVersionDirectory());
            out.append('/').append(part.unsignedInt(at + 4)).append('/');
        }
        out.append(part.unsignedInt(at + 8));
        if (fork >= 0 && fork < FORKS.length) {
            out.append(FORKS[fork]);
        }
    }

    /** A block number that stands as two halves, the upper one first. */
    static long blockOfHalves(RecordPart part, int at) {
        return (long) part.unsignedShort(at) << 16 | part.unsignedShort(at + 2);
    }

    /** A list of 16-bit numbers, such as {@code [1, 2]}, after a space. */
    static void appendOffsets(StringBuilder out, RecordPart part, int at, int count) {
        out.append(" [");
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ", ").append(part.unsignedShort(at + 2 * i));
        }
        out.append(']');
    }

    /** Whether a relation is a catalogue; version 16 writes it, but says nothing of it. */
    static void appendCatalogue(StringBuilder out, String label, PostgresMajor major, boolean catalogue) {
        if (major.compareTo(PostgresMajor.V17) >= 0) {
            out.append(label).append(letter(catalogue));
        }
    }

    static String walLevel(int level) {
        return switch (level) {
            case 0 -> "minimal";
            case 1 -> "replica";
            case 2 -> "logical";
            default -> "?";
        };
    }

    /** A number as C's {@code %g} writes it: six significant digits, without needless zeroes. */
    static String general(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value == 0 ? "0" : value > 0 ? "inf" : "-inf";
        }
        String scientific = String.format(Locale.ROOT, "%.5e", value);
        int mark = scientific.indexOf('e');
        int exponent = Integer.parseInt(scientific.substring(mark + 1));
        if (exponent < -4 || exponent >= 6) {
            String sign = exponent < 0 ? "-" : "+";
            return withoutZeroes(scientific.substring(0, mark))
                    + String.format(Locale.ROOT, "e%s%02d", sign, Math.abs(exponent));
        }
        return withoutZeroes(String.format(Locale.ROOT, "%." + (5 - exponent) + "f", value));
    }

    private static String withoutZeroes(String number) {
        return number.contains(".") ? number.replaceAll("\\.?0+$", "") : number;
    }
}
