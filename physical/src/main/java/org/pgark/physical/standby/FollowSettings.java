package org.pgark.physical.standby;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;

/** The lines of postgresql.auto.conf that let a standby follow a server, as {@code pg_basebackup -R} writes them. */
public final class FollowSettings {
    private FollowSettings() {}

    /**
     * {@code primary_conninfo} of what the settings were given, a password among it if one was, and {@code
     * primary_slot_name}.
     *
     * @param database the database for the standby's slot synchronisation, if one was asked for
     */
    public static String lines(ConnectionSettings primary, Optional<String> database, Optional<String> slot) {
        StringBuilder text = new StringBuilder();
        Map<ConnectionOption, String> given = new EnumMap<>(primary.given());
        given.putIfAbsent(ConnectionOption.USER, primary.user());
        given.putIfAbsent(
                ConnectionOption.PORT,
                Integer.toString(primary.servers().getFirst().port()));
        given.remove(ConnectionOption.FALLBACK_APPLICATION_NAME);
        given.remove(ConnectionOption.DBNAME);
        given.remove(ConnectionOption.SERVICE);
        given.forEach((option, value) -> append(text, option.keyword(), value));
        database.ifPresent(name -> append(text, "dbname", name));
        String lines = line("primary_conninfo", text.toString());
        return slot.map(name -> lines + line("primary_slot_name", name)).orElse(lines);
    }

    /** One line of a configuration file. */
    static String line(String setting, String value) {
        return setting + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'\n";
    }

    private static void append(StringBuilder text, String keyword, String value) {
        text.append(text.isEmpty() ? "" : " ").append(keyword).append('=');
        if (value.matches("[A-Za-z0-9_.]+")) {
            text.append(value);
        } else {
            text.append('\'')
                    .append(value.replace("\\", "\\\\").replace("'", "\\'"))
                    .append('\'');
        }
    }
}
