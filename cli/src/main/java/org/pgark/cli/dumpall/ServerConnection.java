package org.pgark.cli.dumpall;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.TerminalPrompt;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/** The way to a server's databases: a connection string, where options count before what it says. */
final class ServerConnection {
    private final ProgramRun run;
    private final PgDumpAllOptions options;
    private Optional<String> password = Optional.empty();

    ServerConnection(ProgramRun run, PgDumpAllOptions options) {
        this.run = run;
        this.options = options;
    }

    /** Enters the database that was named, else postgres, else template1. */
    WireConnection open() throws ProgramException, InterruptedException, IOException {
        Optional<String> named = options.value("database");
        if (named.isPresent()) {
            return open(named.get());
        }
        try {
            return open("postgres");
        } catch (ConnectFailedException e) {
            return open("template1");
        }
    }

    private WireConnection open(String database) throws ProgramException, InterruptedException, IOException {
        if (options.has("password") && password.isEmpty()) {
            password = Optional.of(new TerminalPrompt(run).password("Password: "));
        }
        while (true) {
            try {
                return WireConnection.open(
                        settings(database),
                        SessionKind.ORDINARY,
                        notice -> run.log().line(ProgramLog.Level.INFO, ProgramLog.Part.PRIMARY, notice.text()));
            } catch (ConnectFailedException e) {
                if (!e.isPasswordMissing() || options.has("no-password") || password.isPresent()) {
                    throw e;
                }
                password = Optional.of(new TerminalPrompt(run).password("Password: "));
            } catch (InvalidConnectionSettingsException e) {
                throw new ProgramException(String.valueOf(e.getMessage()));
            }
        }
    }

    private ConnectionSettings settings(String database) throws InvalidConnectionSettingsException {
        Map<String, String> variables = new HashMap<>(run.environment());
        variables.putAll(variables());
        String home = variables.getOrDefault("HOME", "");
        return ConnectionSettings.resolve(
                        string(database),
                        ConnectionEnvironment.of(
                                variables,
                                Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
                                System.getProperty("user.name")))
                .withApplicationNameIfNone(run.name());
    }

    /** Variables that the dumps of databases get: a password that was typed once is typed for all. */
    Map<String, String> variables() {
        return password.map(typed -> Map.of("PGPASSWORD", typed)).orElse(Map.of());
    }

    /** The connection string that leads to a database. */
    String string(String database) {
        String given = options.value("dbname").orElse("");
        boolean uri = given.startsWith("postgres://") || given.startsWith("postgresql://");
        StringBuilder text = new StringBuilder(given);
        for (String option : List.of("host", "port", "username")) {
            options.value(option)
                    .ifPresent(value -> append(text, uri, option.equals("username") ? "user" : option, value));
        }
        append(text, uri, "dbname", database);
        return text.toString();
    }

    private static void append(StringBuilder text, boolean uri, String keyword, String value) {
        if (uri) {
            text.append(text.indexOf("?") < 0 ? '?' : '&').append(keyword).append('=');
            text.append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        } else {
            text.append(text.isEmpty() ? "" : " ").append(keyword).append("='");
            text.append(value.replace("\\", "\\\\").replace("'", "\\'")).append('\'');
        }
    }
}
