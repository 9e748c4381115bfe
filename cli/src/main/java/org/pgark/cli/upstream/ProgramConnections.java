package org.pgark.cli.upstream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/**
 * A program's connections to databases; the password is asked for once. Ends their statements when the program is told to end,
 * and closes them with itself. Thread-safe.
 */
public final class ProgramConnections implements AutoCloseable {
    private final ProgramRun run;
    private final ConnectionChoice choice;
    private final Set<WireConnection> open = ConcurrentHashMap.newKeySet();
    private final Termination.Registration registration;
    private Optional<String> password = Optional.empty();

    /** Connections that the options choose. */
    public ProgramConnections(ProgramRun run, ConnectionChoice choice) {
        this.run = run;
        this.choice = choice;
        this.registration = run.onTermination(this::cancelAll);
    }

    /** Enters the database that the options name. */
    public WireConnection open() throws IOException {
        return open(Optional.empty());
    }

    /**
     * Enters a database of the server that the options name.
     *
     * @param database another database than the one that they name
     */
    public synchronized WireConnection open(Optional<String> database) throws IOException {
        if (choice.asksPassword() && password.isEmpty()) {
            ask();
        }
        while (true) {
            try {
                WireConnection connection = WireConnection.open(
                        settings(database),
                        SessionKind.ORDINARY,
                        notice -> run.log().line(ProgramLog.Level.INFO, ProgramLog.Part.PRIMARY, notice.text()));
                open.removeIf(WireConnection::isClosed);
                open.add(connection);
                return connection;
            } catch (ConnectFailedException e) {
                if (!e.isPasswordMissing() || choice.neverAsksPassword() || password.isPresent()) {
                    throw e;
                }
                ask();
            } catch (InvalidConnectionSettingsException e) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** The password that was typed, where one was asked for. */
    public synchronized Optional<String> password() {
        return password;
    }

    private void ask() throws IOException {
        try {
            password = Optional.of(new TerminalPrompt(run).password("Password: "));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("terminated by user", e);
        }
    }

    private ConnectionSettings settings(Optional<String> database) throws InvalidConnectionSettingsException {
        Map<String, String> variables = new HashMap<>(run.environment());
        choice.host().ifPresent(value -> {
            variables.put("PGHOST", value);
            variables.remove("PGHOSTADDR");
        });
        choice.port().ifPresent(value -> variables.put("PGPORT", value));
        choice.user().ifPresent(value -> variables.put("PGUSER", value));
        password.ifPresent(value -> variables.put("PGPASSWORD", value));
        String home = variables.getOrDefault("HOME", "");
        ConnectionEnvironment environment = ConnectionEnvironment.of(
                variables,
                Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
                System.getProperty("user.name"));
        String name = choice.database().orElse("");
        boolean isString = name.contains("=") || name.startsWith("postgres://") || name.startsWith("postgresql://");
        ConnectionSettings settings =
                ConnectionSettings.resolve(isString ? name : "", environment).withApplicationNameIfNone(run.name());
        if (database.isPresent()) {
            return settings.withDatabase(database.get());
        }
        return isString || name.isEmpty() ? settings : settings.withDatabase(name);
    }

    private void cancelAll() {
        for (WireConnection connection : open) {
            try {
                connection.cancel();
            } catch (IOException e) {
                run.log().debug("could not cancel a statement: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        registration.close();
        open.forEach(WireConnection::close);
    }
}
