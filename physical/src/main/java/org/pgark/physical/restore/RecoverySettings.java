package org.pgark.physical.restore;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pgark.physical.recovery.RecoveryTarget;

/**
 * The settings that guide recovery, as lines of postgresql.auto.conf.
 *
 * @param values settings in the order in which they are written
 */
record RecoverySettings(Map<String, String> values) {
    /*
     * The five kinds of target exclude each other, wherever they are set. Each is therefore emptied before the wanted one
     * is set, because one left in postgresql.conf would end the start with "multiple recovery targets specified", or stop
     * a recovery that should go to the end. The server assigns settings in the order of the lines.
     */
    private static final List<String> TARGETS = List.of(
            "recovery_target",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_xid",
            "recovery_target_lsn");
    private static final Set<String> RECOVERY = Set.of(
            "restore_command",
            "archive_cleanup_command",
            "recovery_end_command",
            "recovery_target_inclusive",
            "recovery_target_timeline",
            "recovery_target_action");
    private static final String HEADING = "# Recovery settings written by pgark restore";
    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.$]*)\\s*(?:=|\\s).*");
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
            .appendLiteral("+00")
            .toFormatter(Locale.ROOT);

    RecoverySettings {
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
        values.forEach((name, value) -> {
            if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
                throw new IllegalArgumentException(
                        "invalid value of " + name + " \"" + value + "\", must not have a line break");
            }
        });
    }

    /**
     * The settings for one recovery.
     *
     * @param timeline a number, or {@code latest} for a standby that is to follow promotions
     * @param neutralised settings of the original that the copy gets in another form
     */
    static RecoverySettings of(
            RecoveryTarget target,
            String timeline,
            TargetAction action,
            String restoreCommand,
            Map<String, String> neutralised) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("restore_command", restoreCommand);
        TARGETS.forEach(name -> values.put(name, ""));
        switch (target) {
            case RecoveryTarget.Latest() -> {}
            case RecoveryTarget.Immediate() -> last(values, "recovery_target", "immediate");
            case RecoveryTarget.Named(String name) -> last(values, "recovery_target_name", name);
            case RecoveryTarget.Time time -> last(values, "recovery_target_time", timestamp(time.instant()));
            case RecoveryTarget.AtTransaction(int xid, boolean exclusive) ->
                last(values, "recovery_target_xid", Integer.toUnsignedString(xid));
            case RecoveryTarget.AtLsn(var lsn, boolean exclusive) ->
                last(values, "recovery_target_lsn", lsn.toString());
        }
        values.put("recovery_target_inclusive", isExclusive(target) ? "off" : "on");
        values.put("recovery_target_timeline", timeline);
        values.put("recovery_target_action", action.word());
        values.putAll(neutralised);
        return new RecoverySettings(values);
    }

    private static void last(Map<String, String> values, String name, String value) {
        values.remove(name);
        values.put(name, value);
    }

    private static boolean isExclusive(RecoveryTarget target) {
        return switch (target) {
            case RecoveryTarget.Latest() -> false;
            case RecoveryTarget.Immediate() -> false;
            case RecoveryTarget.Named named -> false;
            case RecoveryTarget.Time time -> time.exclusive();
            case RecoveryTarget.AtTransaction transaction -> transaction.exclusive();
            case RecoveryTarget.AtLsn lsn -> lsn.exclusive();
        };
    }

    /** The instant as PostgreSQL reads it whatever its time zone is. */
    static String timestamp(Instant instant) {
        return TIMESTAMP.format(instant.atOffset(ZoneOffset.UTC));
    }

    /** A file's text with these settings and all older recovery settings taken out. */
    String without(String autoConf) {
        return autoConf.lines()
                .filter(line -> !isReplaced(line))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /** The settings as lines to be appended to a file. */
    String lines() {
        return values.entrySet().stream()
                .map(setting -> setting.getKey() + " = " + quote(setting.getValue()) + "\n")
                .collect(Collectors.joining("", HEADING + "\n", ""));
    }

    private boolean isReplaced(String line) {
        Matcher matcher = SETTING.matcher(line);
        if (!matcher.matches()) {
            return line.equals(HEADING);
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        return values.containsKey(name) || TARGETS.contains(name) || RECOVERY.contains(name);
    }

    /** The value as postgresql.conf takes it, in single quotes. */
    static String quote(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
