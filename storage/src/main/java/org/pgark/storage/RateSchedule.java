package org.pgark.storage;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bytes may pass in a second, by the time of day: {@code 20MiB}, or {@code 08:00-18:00 5MiB, 50MiB}.
 *
 * @param spans times of day with limits of their own; the first that fits counts
 * @param otherwise the limit at all other times; 0 is none
 */
public record RateSchedule(List<Span> spans, long otherwise) {
    /** No limit at any time. */
    public static final RateSchedule NONE = new RateSchedule(List.of(), 0);

    private static final long LEAST = 64 << 10;
    private static final Pattern PART =
            Pattern.compile("(?:(\\d{2}:\\d{2})-(\\d{2}:\\d{2}) +)?(?:(none)|(\\d{1,12})(B|KiB|MiB|GiB|TiB)?)");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    public RateSchedule {
        spans = List.copyOf(spans);
    }

    /**
     * A time of each day.
     *
     * @param from its beginning
     * @param to its end, which does not belong to it; before the beginning for one that goes over midnight
     * @param bytes the limit; 0 is none
     */
    public record Span(LocalTime from, LocalTime to, long bytes) {
        boolean has(LocalTime time) {
            boolean begun = !time.isBefore(from);
            boolean open = time.isBefore(to);
            return from.isBefore(to) ? begun && open : begun || open;
        }
    }

    /**
     * Reads the form above.
     *
     * @throws IllegalArgumentException if it is another one
     */
    public static RateSchedule parse(String text) {
        List<Span> spans = new ArrayList<>();
        long otherwise = -1;
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part.strip());
            if (!matcher.matches()) {
                throw invalid(text);
            }
            long bytes = matcher.group(3) == null ? bytes(matcher.group(4), matcher.group(5), text) : 0;
            if (matcher.group(1) != null) {
                spans.add(new Span(time(matcher.group(1), text), time(matcher.group(2), text), bytes));
            } else if (otherwise < 0) {
                otherwise = bytes;
            } else {
                throw invalid(text);
            }
        }
        return new RateSchedule(spans, Math.max(0, otherwise));
    }

    private static long bytes(String number, String unit, String text) {
        try {
            long bytes =
                    Math.multiplyExact(Long.parseLong(number), 1L << (10 * (unit == null ? 0 : UNITS.indexOf(unit))));
            if (bytes >= LEAST) {
                return bytes;
            }
        } catch (ArithmeticException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static LocalTime time(String clock, String text) {
        try {
            return LocalTime.parse(clock);
        } catch (DateTimeException e) {
            throw invalid(text);
        }
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("invalid rate \"" + text
                + "\", must be a size of 64KiB or more like \"20MiB\", or such with times of day like"
                + " \"08:00-18:00 5MiB, 50MiB\"");
    }

    /** The limit at a time of day; 0 is none. */
    public long at(LocalTime time) {
        return spans.stream()
                .filter(span -> span.has(time))
                .mapToLong(Span::bytes)
                .findFirst()
                .orElse(otherwise);
    }
}
