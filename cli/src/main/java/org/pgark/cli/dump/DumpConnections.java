package org.pgark.cli.dump;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.cli.dump.PgDumpOptions.Field;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.TerminalPrompt;
import org.pgark.cli.upstream.Termination;
import org.pgark.logical.catalog.DumpException;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/** The connections of a dump; the password is asked for once. Ends their statements when the program is told to end. */
final class DumpConnections implements AutoCloseable {
    private final ProgramRun run;
    private final PgDumpOptions options;
    private final Set<WireConnection> open = ConcurrentHashMap.newKeySet();
    private final Termination.Registration registration;
    private Optional<String> password = Optional.empty();

    DumpConnections(ProgramRun run, PgDumpOptions options) {
        this.run = run;
        this.options = options;
        this.registration = run.onTermination(this::cancelAll);
    }

    synchronized WireConnection open() throws IOException, InterruptedException {
        if (options.asksPassword() && password.isEmpty()) {
            ask();
        }
        while (true) {
            try {
                WireConnection connection = WireConnection.open(
                        settings(),
                        SessionKind.ORDINARY,
                        notice -> run.log().line(ProgramLog.Level.INFO, ProgramLog.Part.PRIMARY, notice.text()));
                open.add(connection);
                return connection;
            } catch (ConnectFailedException e) {
                if (!e.isPasswordMissing() || options.neverAsksPassword() || password.isPresent()) {
                    throw e;
                }
                ask();
            } catch (InvalidConnectionSettingsException e) {
                throw new DumpException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private void ask() throws IOException, InterruptedException {
        password = Optional.of(new TerminalPrompt(run).password("Password: "));
    }

    /** What the options say counts before the variables, and a connection string before both. */
    private ConnectionSettings settings() throws InvalidConnectionSettingsException {
        Map<String, String> variables = new HashMap<>(run.environment());
        options.field(Field.HOST).ifPresent(value -> {
            variables.put("PGHOST", value);
            variables.remove("PGHOSTADDR");
        });
        options.field(Field.PORT).ifPresent(value -> variables.put("PGPORT", value));
        options.field(Field.USER).ifPresent(value -> variables.put("PGUSER", value));
        password.ifPresent(value -> variables.put("PGPASSWORD", value));
        String home = variables.getOrDefault("HOME", "");
        ConnectionEnvironment environment = ConnectionEnvironment.of(
                variables,
                Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
                System.getProperty("user.name"));
        String name = options.field(Field.DATABASE).orElse("");
        boolean isString = name.contains("=") || name.startsWith("postgres://") || name.startsWith("postgresql://");
        ConnectionSettings settings =
                ConnectionSettings.resolve(isString ? name : "", environment).withApplicationNameIfNone(run.name());
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
