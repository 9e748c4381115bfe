package org.pgark.repository.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far back every instant must stay recoverable, in the calendar's units: a month is as long as the month is.
 *
 * @param number of units, 1 or more
 * @param unit minutes, hours, days, weeks, months or years
 */
public record KeepWindow(int number, ChronoUnit unit) {
    private static final Pattern FORM = Pattern.compile(
            "(\\d{1,5}) ?(minutes?|hours?|days?|weeks?|months?|years?|h|d|w)", Pattern.CASE_INSENSITIVE);

    public KeepWindow {
        if (number < 1) {
            throw new IllegalArgumentException("invalid recovery window of " + number + " " + unit);
        }
    }

    /**
     * Reads for example {@code 4 weeks}, {@code 30 days}, {@code 30d} or {@code 1 year}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static KeepWindow parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid recovery window \"" + text + "\", must be like \"4 weeks\"");
        }
        String word = matcher.group(2).toLowerCase(Locale.ROOT);
        ChronoUnit unit = switch (word.charAt(0)) {
            case 'h' -> ChronoUnit.HOURS;
            case 'd' -> ChronoUnit.DAYS;
            case 'w' -> ChronoUnit.WEEKS;
            case 'm' -> word.startsWith("minute") ? ChronoUnit.MINUTES : ChronoUnit.MONTHS;
            default -> ChronoUnit.YEARS;
        };
        return new KeepWindow(Integer.parseInt(matcher.group(1)), unit);
    }

    /** Where the window begins that ends at {@code now}. */
    public Instant begin(Instant now, ZoneId zone) {
        return now.atZone(zone).minus(number, unit).toInstant();
    }

    /** How many days the window has at most, wherever it lies in the calendar. */
    public int mostDays() {
        return switch (unit) {
            case MINUTES -> number / 1440 + 1;
            case HOURS -> number / 24 + 1;
            case DAYS -> number;
            case WEEKS -> number * 7;
            case MONTHS -> number * 31;
            default -> number * 366;
        };
    }

    @Override
    public String toString() {
        String units = unit.toString().toLowerCase(Locale.ROOT);
        return number + " " + (number == 1 ? units.substring(0, units.length() - 1) : units);
    }
}
