package org.pgark.cli.replication;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.cli.upstream.ProgramException;

/** Reads {@code --max-rate}: a number in kilobytes a second, with {@code k} or {@code M} behind it or not. */
final class TransferRate {
    private static final Pattern NUMBER =
            Pattern.compile("\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*(.*)", Pattern.DOTALL);
    private static final int LEAST = 32;
    private static final int MOST = 1_048_576;

    private TransferRate() {}

    static int kilobytes(String text) throws ProgramException {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            throw new ProgramException("transfer rate \"" + text + "\" is not a valid value");
        }
        double rate = Double.parseDouble(matcher.group(1));
        if (rate <= 0) {
            throw new ProgramException("transfer rate must be greater than zero");
        }
        String unit = matcher.group(2);
        switch (unit.strip()) {
            case "", "k" -> {}
            case "M" -> rate *= 1024;
            default -> throw new ProgramException("invalid --max-rate unit: \"" + unit + "\"");
        }
        if (rate > 4_294_967_295.0) {
            throw new ProgramException("transfer rate \"" + text + "\" exceeds integer range");
        }
        if (rate < LEAST || rate > MOST) {
            throw new ProgramException("transfer rate \"" + text + "\" is out of range");
        }
        return (int) rate;
    }
}
