package org.pgark.cli.configuration;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as a configuration writes it: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h} or {@code 7d};
 * a number alone is seconds.
 *
 * @param duration the length, not negative
 */
public record TimeSpan(Duration duration) implements Comparable<TimeSpan> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|min|h|d)?");

    public TimeSpan {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("invalid length of time " + duration + ", must not be negative");
        }
    }

    /**
     * Reads a number and its unit.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static TimeSpan parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "invalid length of time \"" + text + "\", must be like \"30s\" or \"5m\"");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return new TimeSpan(
                switch (unit) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m", "min" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    @Override
    public int compareTo(TimeSpan other) {
        return duration.compareTo(other.duration);
    }

    /** The form that {@link #parse} reads, in the largest unit that is exact. */
    @Override
    public String toString() {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86400 == 0 ? seconds / 86400 + "d" : seconds / 3600 + "h";
    }
}
