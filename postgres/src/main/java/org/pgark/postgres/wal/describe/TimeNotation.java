package org.pgark.postgres.wal.describe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.TimeZone;

/** Times as pg_waldump writes them: in the zone of the process, with microseconds and the zone's short name. */
final class TimeNotation {
    private static final long SECONDS_FROM_1970_TO_2000 = 946_684_800;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final ZoneId ZONE = ZoneId.systemDefault();
    private static final TimeZone NAMES = TimeZone.getDefault();

    private TimeNotation() {}

    /** @param micros microseconds since the beginning of the year 2000, UTC */
    static void append(StringBuilder out, long micros) {
        Instant second = Instant.ofEpochSecond(micros / MICROS_PER_SECOND + SECONDS_FROM_1970_TO_2000);
        ZonedDateTime time = second.atZone(ZONE);
        appendPadded(out, time.getYear(), 4).append('-');
        appendPadded(out, time.getMonthValue(), 2).append('-');
        appendPadded(out, time.getDayOfMonth(), 2).append(' ');
        appendPadded(out, time.getHour(), 2).append(':');
        appendPadded(out, time.getMinute(), 2).append(':');
        appendPadded(out, time.getSecond(), 2).append('.');
        appendPadded(out, (int) (micros % MICROS_PER_SECOND), 6).append(' ');
        boolean summer = ZONE.getRules().isDaylightSavings(second);
        out.append(NAMES.getDisplayName(summer, TimeZone.SHORT, Locale.ROOT));
    }

    private static StringBuilder appendPadded(StringBuilder out, int number, int digits) {
        String text = Integer.toString(Math.abs(number));
        out.append(number < 0 ? "-" : "");
        return out.repeat('0', Math.max(0, digits - (number < 0 ? 1 : 0) - text.length()))
                .append(text);
    }
}
