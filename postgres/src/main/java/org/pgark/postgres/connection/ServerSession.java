package org.pgark.postgres.connection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.PostgresMajor;

/**
 * An open session with a server, over TCP or a Unix socket. Auto-commit is on; {@code search_path} is empty, so only
 * {@code pg_catalog} is found without a schema; no time limit of the server's applies to it. Not for several threads.
 */
public final class ServerSession implements AutoCloseable {
    private final Connection connection;
    private final ServerAddress server;
    private final ConnectionSettings settings;
    private final SessionFacts facts;

    ServerSession(Connection connection, ServerAddress server, ConnectionSettings settings, SessionFacts facts) {
        this.connection = connection;
        this.server = server;
        this.settings = settings;
        this.facts = facts;
    }

    /**
     * Enters the first server of the settings that can be reached and has the wanted properties.
     *
     * @throws ConnectionException if there is none; the message names every place that was tried
     */
    public static ServerSession open(ConnectionSettings settings) throws ConnectionException {
        return new SessionOpener(settings).open();
    }

    /** The connection itself, which {@link #close} closes. */
    public Connection jdbc() {
        return connection;
    }

    /** The server's major version. */
    public PostgresMajor major() {
        return PostgresMajor.of(facts.versionNumber() / 10000);
    }

    /** The server's {@code server_version_num}, for example 150019 for 15.19. */
    public int serverVersionNumber() {
        return facts.versionNumber();
    }

    /** Whether the server was in recovery, a standby for example, when the session began. */
    public boolean wasInRecovery() {
        return facts.inRecovery();
    }

    /** Which of the servers this is. */
    public ServerAddress server() {
        return server;
    }

    /** The settings that the session was opened with. */
    public ConnectionSettings settings() {
        return settings;
    }

    /** The place, user and database in words for messages. */
    public String description() {
        return ConnectionFailure.description(server, settings);
    }

    /** Runs statements that give no rows, or whose rows do not matter. */
    public void execute(String sql) throws ConnectionException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** The only column of the only row, which must not be null. */
    public String queryText(String sql, Object... parameters) throws ConnectionException {
        return queryOptionalText(sql, parameters)
                .orElseThrow(() -> new ConnectionException("query gave no value: " + sql, "", ""));
    }

    /** The first column of the first row, or empty if there is no row or it is null. */
    public Optional<String> queryOptionalText(String sql, Object... parameters) throws ConnectionException {
        List<Optional<String>> rows = queryList(sql, row -> Optional.ofNullable(row.getString(1)), parameters);
        return rows.isEmpty() ? Optional.empty() : rows.getFirst();
    }

    /** The only column of the only row as a whole number. */
    public long queryLong(String sql, Object... parameters) throws ConnectionException {
        return Long.parseLong(queryText(sql, parameters));
    }

    /** The only column of the only row as a truth value. */
    public boolean queryBoolean(String sql, Object... parameters) throws ConnectionException {
        return queryText(sql, parameters).equals("t");
    }

    /** All rows, each turned into a value. */
    public <T> List<T> queryList(String sql, RowReader<T> reader, Object... parameters) throws ConnectionException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < parameters.length; index++) {
                statement.setObject(index + 1, parameters[index]);
            }
            List<T> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(reader.read(rows));
                }
            }
            return values;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** What a failure of {@link #jdbc()} means, in one line: the server is gone, or it refused a statement. */
    public ConnectionException failure(SQLException failure) {
        return ConnectionFailure.duringSession(failure, server, settings);
    }

    /** Ends the session; a server that is gone already is no failure. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(ServerSession.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the session with " + server.description(), e);
        }
    }

    /** Turns one row into a value. */
    @FunctionalInterface
    public interface RowReader<T> {
        /** Reads the current row and does not move on. */
        T read(ResultSet row) throws SQLException;
    }
}
