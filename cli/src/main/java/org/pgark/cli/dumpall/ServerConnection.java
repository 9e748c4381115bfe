package org.pgark.cli.dumpall;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.upstream.ConnectionChoice;
import org.pgark.cli.upstream.ProgramConnections;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.WireConnection;

/** The way to a server's databases: a connection string, where options count before what it says. */
final class ServerConnection implements AutoCloseable {
    private final PgDumpAllOptions options;
    private final ProgramConnections connections;

    ServerConnection(ProgramRun run, PgDumpAllOptions options) {
        this.options = options;
        this.connections = new ProgramConnections(
                run,
                new ConnectionChoice(
                        Optional.of(string(options.value("database").orElse("postgres"))),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        options.has("password"),
                        options.has("no-password")));
    }

    /** Enters the database that was named, else postgres, else template1. */
    WireConnection open() throws IOException {
        try {
            return connections.open();
        } catch (ConnectFailedException e) {
            if (options.value("database").isPresent()) {
                throw e;
            }
            return connections.open(Optional.of("template1"));
        }
    }

    /** Variables that the dumps of databases get: a password that was typed once is typed for all. */
    Map<String, String> variables() {
        return connections.password().map(typed -> Map.of("PGPASSWORD", typed)).orElse(Map.of());
    }

    @Override
    public void close() {
        connections.close();
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
