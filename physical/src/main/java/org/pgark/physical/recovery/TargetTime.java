package org.pgark.physical.recovery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instant as people write it: RFC 3339 ({@code 2026-11-22T10:42:00Z}) or as PostgreSQL prints it ({@code 2026-11-22
 * 10:42:00.5+01}), the zone being an offset, a name such as {@code Europe/Berlin}, or left out for local time.
 *
 * @param instant the instant, in whole microseconds
 * @param zone the zone that was written, or the local one
 * @param zoneWritten whether the text named the zone
 */
public record TargetTime(Instant instant, ZoneId zone, boolean zoneWritten) {
    private static final String FORM = "must be like \"2026-11-22 10:42:00\", with a zone if it is not local time, "
            + "for example \"2026-11-22T10:42:00Z\", \"2026-11-22 10:42:00.5+01\" or "
            + "\"2026-11-22 10:42:00 Europe/Berlin\"";
    private static final Pattern TEXT =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d(?::\\d\\d)?)(?:[.,](\\d{1,9}))?"
                    + " ?([Zz]|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?|[A-Za-z_]+/[A-Za-z0-9_/+-]+)?");
    private static final DateTimeFormatter PRINTED = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .appendOffset("+HH:MM", "+00:00")
            .toFormatter(Locale.ROOT);

    /**
     * Reads an instant; what is finer than a microsecond is cut off.
     *
     * @param local the zone that counts where the text names none
     * @throws IllegalArgumentException if the text has another form, or is a local time that the zone's change to or
     *     from summer time skips or has twice
     */
    public static TargetTime parse(String text, ZoneId local) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid time \"" + text + "\", " + FORM);
        }
        String fraction = matcher.group(3);
        String zoneText = matcher.group(4);
        try {
            LocalDateTime dateTime = LocalDateTime.parse(matcher.group(1) + "T" + matcher.group(2))
                    .plusNanos(fraction == null ? 0 : Long.parseLong((fraction + "00000000").substring(0, 9)))
                    .truncatedTo(ChronoUnit.MICROS);
            ZoneId zone = zoneText == null ? local : zone(zoneText);
            return new TargetTime(instant(text, dateTime, zone), zone, zoneText != null);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("invalid time \"" + text + "\": " + e.getMessage() + ", " + FORM, e);
        }
    }

    private static ZoneId zone(String text) {
        return switch (text) {
            case "Z", "z", "UTC", "GMT" -> ZoneOffset.UTC;
            default -> ZoneId.of(text.matches("[+-]\\d{4}") ? text.substring(0, 3) + ":" + text.substring(3) : text);
        };
    }

    private static Instant instant(String text, LocalDateTime dateTime, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(dateTime);
        if (offsets.isEmpty()) {
            throw new IllegalArgumentException(
                    "invalid time \"" + text + "\": the clocks in " + zone + " were put forward over it");
        }
        if (offsets.size() > 1) {
            throw new IllegalArgumentException("ambiguous time \"" + text + "\": the clocks in " + zone
                    + " showed it twice, add \"" + offsets.get(0) + "\" or \"" + offsets.get(1) + "\"");
        }
        return dateTime.toInstant(offsets.get(0));
    }

    /** The instant with its offset and, where the zone has one, its name: {@code 2026-11-22 10:42:00+01:00 Europe/Berlin}. */
    public static String format(Instant instant, ZoneId zone) {
        String printed = PRINTED.format(instant.atZone(zone));
        return zone instanceof ZoneOffset ? printed : printed + " " + zone;
    }

    @Override
    public String toString() {
        return format(instant, zone);
    }
}
