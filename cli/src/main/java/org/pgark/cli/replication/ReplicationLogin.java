package org.pgark.cli.replication;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.TerminalPrompt;
import org.pgark.physical.standby.FollowSettings;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;
import org.pgark.postgres.connection.Password;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** How the replication programs enter a server: their connection options, and the password, asked for once. */
final class ReplicationLogin {
    private final ProgramRun run;
    private final Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);
    private String connectionString = "";
    private boolean neverAsks;
    private boolean asksFirst;
    private Optional<Password> password = Optional.empty();

    ReplicationLogin(ProgramRun run) {
        this.run = run;
    }

    /** Takes a connection option by its long name; false if it is none. */
    boolean take(String name, Optional<String> value) {
        switch (name) {
            case "dbname" -> connectionString = value.orElseThrow();
            case "host" -> options.put(ConnectionOption.HOST, value.orElseThrow());
            case "port" -> options.put(ConnectionOption.PORT, value.orElseThrow());
            case "username" -> options.put(ConnectionOption.USER, value.orElseThrow());
            case "no-password" -> {
                neverAsks = true;
                asksFirst = false;
            }
            case "password" -> {
                asksFirst = true;
                neverAsks = false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private ConnectionEnvironment environment() {
        String home = run.environment().getOrDefault("HOME", "");
        return ConnectionEnvironment.of(
                run.environment(),
                Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
                System.getProperty("user.name"));
    }

    private ConnectionSettings settings() throws InvalidConnectionSettingsException {
        return settings("replication");
    }

    /** The same server for connections of any kind: ordinary ones lead to the database that was named, or postgres. */
    ConnectionSettings anySettings() throws InvalidConnectionSettingsException {
        return settings("postgres");
    }

    private ConnectionSettings settings(String usualDatabase) throws InvalidConnectionSettingsException {
        ConnectionSettings settings = ConnectionSettings.resolve(
                        new ConnectionString(connectionString),
                        Map.of(ConnectionOption.DBNAME, usualDatabase),
                        options,
                        environment())
                .withApplicationNameIfNone(run.name());
        return password.isPresent() ? settings.withPassword(password.get()) : settings;
    }

    /** Opens a connection for physical replication; the server's notices go to standard error. */
    WireConnection open() throws ProgramException, IOException, InterruptedException {
        if (asksFirst && password.isEmpty()) {
            ask();
        }
        while (true) {
            try {
                return WireConnection.open(
                        settings(),
                        SessionKind.PHYSICAL_REPLICATION,
                        notice -> run.log().text(notice.text() + "\n"));
            } catch (ConnectFailedException e) {
                if (!e.isPasswordMissing() || neverAsks) {
                    throw new ProgramException(String.valueOf(e.getMessage()));
                }
                ask();
            } catch (WireException | InvalidConnectionSettingsException e) {
                throw new ProgramException(String.valueOf(e.getMessage()));
            }
        }
    }

    private void ask() throws IOException, InterruptedException {
        password = Optional.of(new Password(new TerminalPrompt(run).password("Password: ")));
    }

    /** The lines of postgresql.auto.conf that let a standby follow the server that was entered. */
    String recoveryConfiguration(Optional<String> slot) throws InvalidConnectionSettingsException {
        return FollowSettings.lines(settings(), database(), slot);
    }

    /** The database that a standby's slot synchronisation would use: only one that was asked for. */
    private Optional<String> database() throws InvalidConnectionSettingsException {
        Map<ConnectionOption, String> given = ConnectionSettings.resolve(
                        new ConnectionString(connectionString), environment())
                .given();
        return Optional.ofNullable(given.get(ConnectionOption.DBNAME));
    }
}
