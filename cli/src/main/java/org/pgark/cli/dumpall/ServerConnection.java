package org.pgark.cli.dumpall;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.upstream.ConnectionChoice;
import org.pgark.cli.upstream.ConnectionText;
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
                        Optional.of(first(options)),
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

    /** The connection string that leads to a database of this name. */
    String string(String database) {
        return text(options).with("dbname", database).toString();
    }

    /** Where the globals are read: what the user names may be a connection string. */
    private static String first(PgDumpAllOptions options) {
        String database = options.value("database").orElse("postgres");
        ConnectionText text = text(options);
        return database.contains("=")
                ? text + " " + database
                : text.with("dbname", database).toString();
    }

    private static ConnectionText text(PgDumpAllOptions options) {
        ConnectionText text = new ConnectionText(options.value("dbname").orElse(""));
        options.value("host").ifPresent(value -> text.with("host", value));
        options.value("port").ifPresent(value -> text.with("port", value));
        options.value("username").ifPresent(value -> text.with("user", value));
        return text;
    }
}
