package org.pgark.repository.retention;

import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * What the user wants to be kept of one cluster. Each rule adds to what is kept; none takes away.
 *
 * @param last how many of the newest backups, with all WAL since the oldest of them; 0 for none
 * @param window how far back to any instant
 * @param calendar the last backup of days, weeks, months, years
 * @param zone in which days begin
 * @param minimum how many usable backups are left at least, whatever else is said
 */
public record RetentionPolicy(int last, Optional<KeepWindow> window, CalendarRules calendar, ZoneId zone, int minimum) {
    /** Keeps everything. */
    public static final RetentionPolicy NONE =
            new RetentionPolicy(0, Optional.empty(), CalendarRules.NONE, ZoneId.of("UTC"), 1);

    /**
     * Of how many periods that have backups the last backup is kept.
     *
     * @param days days
     * @param weeks weeks, which begin on Monday
     * @param months months
     * @param years years
     */
    public record CalendarRules(int days, int weeks, int months, int years) {
        /** Of none. */
        public static final CalendarRules NONE = new CalendarRules(0, 0, 0, 0);
    }

    public RetentionPolicy {
        Objects.requireNonNull(zone, "zone is null");
        if (last < 0 || minimum < 1) {
            throw new IllegalArgumentException("invalid policy: last " + last + ", minimum " + minimum);
        }
    }

    /** Whether no rule is given, so that everything is kept. */
    public boolean isEmpty() {
        return last == 0 && window.isEmpty() && calendar.equals(CalendarRules.NONE);
    }
}
