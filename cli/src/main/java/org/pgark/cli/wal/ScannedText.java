package org.pgark.cli.wal;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.Lsn;

/** Arguments as C's {@code sscanf} reads them: what follows the number is of no account, and numbers wrap around. */
final class ScannedText {
    private static final Pattern POSITION =
            Pattern.compile("\\s*[+-]?(?:0[xX])?([0-9A-Fa-f]+)/\\s*(?:0[xX])?([0-9A-Fa-f]+).*");
    private static final Pattern UNSIGNED = Pattern.compile("\\s*([+-]?)([0-9]+).*");

    private ScannedText() {}

    /** A position, {@code %X/%X}. */
    static Optional<Lsn> position(String text) {
        Matcher matcher = POSITION.matcher(text);
        return matcher.matches()
                ? Optional.of(new Lsn(hexadecimal(matcher.group(1)) << 32 | hexadecimal(matcher.group(2))))
                : Optional.empty();
    }

    private static long hexadecimal(String digits) {
        String last = digits.length() > 16 ? digits.substring(digits.length() - 16) : digits;
        return Long.parseUnsignedLong(last, 16) & 0xFFFF_FFFFL;
    }

    /** A whole number, {@code %u} or {@code %d}. */
    static OptionalInt number(String text) {
        Matcher matcher = UNSIGNED.matcher(text);
        if (!matcher.matches()) {
            return OptionalInt.empty();
        }
        int value = new BigInteger(matcher.group(2)).intValue();
        return OptionalInt.of(matcher.group(1).equals("-") ? -value : value);
    }
}
