package org.pgark.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** postgresql.conf: settings are appended, since the last one of a name counts. */
final class ConfigurationFile {
    private ConfigurationFile() {}

    static void append(Path file, Map<String, String> settings) throws IOException {
        StringBuilder lines = new StringBuilder();
        settings.forEach((name, value) ->
                lines.append(name).append(" = ").append(quoted(value)).append('\n'));
        Files.writeString(file, lines, StandardOpenOption.APPEND);
    }

    /** A value as PostgreSQL's configuration files take any text: in single quotes, quotes doubled, backslashes too. */
    static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
