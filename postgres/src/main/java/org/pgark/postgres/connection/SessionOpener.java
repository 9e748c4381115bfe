package org.pgark.postgres.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Tries the servers one after another, and of each every address that its name has, until one takes the session.
 *
 * <p>As with libpq, a server that refuses the user ends the search; one that cannot be reached, that is starting up or
 * that is not of the wanted kind does not.
 */
final class SessionOpener {
    /**
     * The path comes first, so that nothing in the second statement can be taken for another object. The limits are those
     * that an administrator may have set for all sessions and that would cut a long backup short.
     */
    private static final String BEGIN = "select pg_catalog.set_config('search_path', '', false);"
            + " select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where name in"
            + " ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',"
            + " 'idle_session_timeout', 'transaction_timeout');"
            + " select pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(),"
            + " pg_catalog.current_setting('transaction_read_only')";

    /** What the driver logs it also throws. It is kept here, since a logger's level goes with its last reference. */
    private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

    static {
        DRIVER_LOG.setLevel(Level.OFF);
        KerberosTickets.offer();
    }

    private final ConnectionSettings settings;
    private final List<ConnectionFailure> failures = new ArrayList<>();

    SessionOpener(ConnectionSettings settings) {
        this.settings = settings;
    }

    ServerSession open() throws ConnectionException {
        List<ServerAddress> servers = new ArrayList<>(settings.servers());
        if (settings.option(ConnectionOption.LOAD_BALANCE_HOSTS).orElse("").equals("random")) {
            Collections.shuffle(servers);
        }
        String wanted = settings.option(ConnectionOption.TARGET_SESSION_ATTRS).orElse("any");
        List<TargetSession> passes = wanted.equals("prefer-standby")
                ? List.of(TargetSession.STANDBY, TargetSession.ANY)
                : List.of(TargetSession.of(wanted));
        for (TargetSession pass : passes) {
            failures.clear();
            for (ServerAddress server : servers) {
                for (ServerAddress address : addresses(server)) {
                    ServerSession session = tryOpen(address, pass);
                    if (session != null) {
                        return session;
                    }
                }
            }
        }
        throw ConnectionFailure.join(failures, settings);
    }

    private List<ServerAddress> addresses(ServerAddress server) {
        return switch (server) {
            case ServerAddress.UnixSocket socket -> List.of(socket);
            case ServerAddress.Tcp tcp -> {
                try {
                    List<ServerAddress> addresses = new ArrayList<>();
                    for (InetAddress address : InetAddress.getAllByName(tcp.address())) {
                        addresses.add(new ServerAddress.Tcp(tcp.host(), address.getHostAddress(), tcp.port()));
                    }
                    yield addresses;
                } catch (UnknownHostException e) {
                    failures.add(new ConnectionFailure(
                            server, "host name cannot be resolved", "Check the name and the name service.", "", e));
                    yield List.of();
                }
            }
        };
    }

    private @Nullable ServerSession tryOpen(ServerAddress server, TargetSession wanted) throws ConnectionException {
        DriverProperties properties = DriverProperties.of(settings, server);
        Connection connection = null;
        try {
            connection = new Driver().connect(properties.url(), properties.values());
            if (connection == null) {
                throw new SQLException("the driver does not take " + properties.url());
            }
            SessionFacts facts = begin(connection);
            connection.setNetworkTimeout(Runnable::run, 0);
            String objection = facts.isSupported()
                    ? wanted.objection(facts)
                    : "server is PostgreSQL " + facts.versionNumber() / 10000 + ", must be 13 to 18";
            if (objection.isEmpty()) {
                ServerSession session = new ServerSession(connection, server, settings, facts);
                connection = null;
                return session;
            }
            failures.add(new ConnectionFailure(server, objection, "", "", null));
        } catch (SQLException e) {
            ConnectionFailure failure = ConnectionFailure.whileOpening(e, server, settings);
            failures.add(failure);
            if (failure.endsSearch()) {
                throw ConnectionFailure.join(failures, settings);
            }
        } finally {
            closeQuietly(connection);
        }
        return null;
    }

    private static SessionFacts begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
            statement.getMoreResults();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return new SessionFacts(row.getInt(1), row.getBoolean(2), row.getBoolean(3));
            }
        }
    }

    private static void closeQuietly(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                System.getLogger(SessionOpener.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing a session that was not wanted", e);
            }
        }
    }
}
