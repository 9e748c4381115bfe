package org.pgark.cli.upstream;

import java.math.BigInteger;
import org.pgark.physical.systemcall.SyncMethod;

/** Arguments of options that several programs read alike, with PostgreSQL's messages. */
public final class OptionValue {
    private OptionValue() {}

    /**
     * A whole number, as {@code option_parse_int} of fe_utils/option_utils.c reads it.
     *
     * @param option the option as messages name it, for example {@code -j/--jobs}
     */
    public static int integer(String text, String option, int least, int most) throws ProgramException {
        String digits = text.strip();
        if (!digits.matches("[+-]?[0-9]+") && !text.isBlank()) {
            throw new ProgramException("invalid value \"" + text + "\" for option " + option);
        }
        BigInteger value = text.isBlank() ? BigInteger.ZERO : new BigInteger(digits);
        if (value.compareTo(BigInteger.valueOf(least)) < 0 || value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new ProgramException(option + " must be in range " + least + ".." + most);
        }
        return value.intValue();
    }

    /** The argument of {@code --sync-method}. */
    public static SyncMethod syncMethod(String text) throws ProgramException {
        return switch (text) {
            case "fsync" -> SyncMethod.FSYNC;
            case "syncfs" -> SyncMethod.SYNCFS;
            default -> throw new ProgramException("unrecognized sync method: " + text);
        };
    }
}
