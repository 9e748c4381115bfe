package org.pgark.postgres.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;
import org.pgark.postgres.connection.SessionFacts;
import org.pgark.postgres.connection.TargetSession;

/**
 * Tries the servers one after another, each with all its addresses, and each of these in clear and under TLS as {@code
 * sslmode} allows, until one takes the session. A server that refuses the user ends the search, as with libpq.
 */
final class ConnectionOpener {
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private final ConnectionSettings settings;
    private final SessionKind kind;
    private final NoticeListener notices;
    private final List<String> failures = new ArrayList<>();
    private boolean passwordMissing;
    private String sqlState = "";
    private IOException last = new IOException("no server");

    ConnectionOpener(ConnectionSettings settings, SessionKind kind, NoticeListener notices) {
        this.settings = settings;
        this.kind = kind;
        this.notices = notices;
    }

    WireConnection open() throws ConnectFailedException {
        if (settings.option(ConnectionOption.GSSENCMODE).orElse("").equals("require")) {
            throw failed("gssencmode=require is not supported by pgark");
        }
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
                    Optional<WireConnection> connection = tryAll(address, pass);
                    if (connection.isPresent()) {
                        return connection.get();
                    }
                }
            }
        }
        throw failed(String.join("\n", failures));
    }

    private ConnectFailedException failed(String message) {
        return new ConnectFailedException(message, passwordMissing, sqlState, last);
    }

    private List<ServerAddress> addresses(ServerAddress server) {
        return switch (server) {
            case ServerAddress.UnixSocket socket -> List.of(socket);
            case ServerAddress.Tcp tcp -> {
                List<ServerAddress> addresses = new ArrayList<>();
                try {
                    for (InetAddress address : InetAddress.getAllByName(tcp.address())) {
                        addresses.add(new ServerAddress.Tcp(tcp.host(), address.getHostAddress(), tcp.port()));
                    }
                } catch (UnknownHostException e) {
                    last = e;
                    failures.add("could not translate host name \"" + tcp.address()
                            + "\" to address: Name or service not known");
                }
                yield addresses;
            }
        };
    }

    private Optional<WireConnection> tryAll(ServerAddress server, TargetSession wanted) throws ConnectFailedException {
        TlsPolicy policy;
        try {
            policy = TlsPolicy.of(settings);
        } catch (IOException e) {
            last = e;
            throw failed(WireConnection.reason(e));
        }
        boolean mayEncrypt = server instanceof ServerAddress.Tcp && policy.allowsTls();
        List<Boolean> ways = !mayEncrypt
                ? List.of(false)
                : !policy.allowsClear()
                        ? List.of(true)
                        : policy.clearFirst() ? List.of(false, true) : List.of(true, false);
        for (boolean encrypted : ways) {
            Attempt attempt = new Attempt(server, policy, encrypted, ways.size() > 1);
            Optional<WireConnection> connection = attempt.run(wanted);
            if (connection.isPresent()) {
                return connection;
            }
            if (!attempt.anotherWayMayHelp) {
                break;
            }
        }
        return Optional.empty();
    }

    /** One server, one address, with or without TLS. */
    private final class Attempt {
        private final ServerAddress server;
        private final TlsPolicy policy;
        private final boolean encrypted;
        private final boolean hasOtherWay;
        private boolean anotherWayMayHelp;

        Attempt(ServerAddress server, TlsPolicy policy, boolean encrypted, boolean hasOtherWay) {
            this.server = server;
            this.policy = policy;
            this.encrypted = encrypted;
            this.hasOtherWay = hasOtherWay;
        }

        Optional<WireConnection> run(TargetSession wanted) throws ConnectFailedException {
            WireSocket socket;
            try {
                socket = WireSocket.connect(settings, server);
            } catch (IOException e) {
                fail(e, reason(e) + question(e));
                return Optional.empty();
            }
            WireConnection connection = null;
            boolean good = false;
            boolean begun = false;
            try {
                if (encrypted && !socket.startTls(policy) && !policy.allowsClear()) {
                    fail(new IOException("no SSL"), "server does not support SSL, but SSL was required");
                    return Optional.empty();
                }
                MessageReader reader = new MessageReader(socket.input());
                MessageWriter writer = new MessageWriter(socket.output());
                connection = new WireConnection(socket, server, settings, reader, writer, notices);
                Authentication authentication = new Authentication(settings, server, socket, reader, writer);
                try {
                    new SessionStart(settings, kind, reader, writer).run(authentication, connection);
                } finally {
                    begun = authentication.hasBegun();
                }
                String objection = objection(connection, wanted);
                if (!objection.isEmpty()) {
                    fail(new IOException(objection), objection);
                    return Optional.empty();
                }
                socket.setTimeout(Duration.ZERO);
                good = true;
                return Optional.of(connection);
            } catch (AuthenticationException e) {
                passwordMissing = e.isPasswordMissing();
                fail(e, WireConnection.reason(e));
                throw failed(String.join("\n", failures));
            } catch (ServerErrorException e) {
                sqlState = e.sqlState();
                fail(e, e.server().text());
                anotherWayMayHelp = hasOtherWay && !begun;
                if (!anotherWayMayHelp && !sqlState.equals(CANNOT_CONNECT_NOW)) {
                    throw failed(String.join("\n", failures));
                }
                return Optional.empty();
            } catch (IOException e) {
                anotherWayMayHelp = hasOtherWay;
                fail(e, e instanceof javax.net.ssl.SSLException ? "SSL error: " + reason(e) : reason(e));
                return Optional.empty();
            } finally {
                if (!good) {
                    if (connection != null) {
                        connection.close();
                    }
                    socket.closeQuietly();
                }
            }
        }

        private void fail(IOException e, String reason) {
            last = e;
            failures.add(place() + " failed: " + reason);
        }

        private String place() {
            return switch (server) {
                case ServerAddress.UnixSocket socket -> "connection to server on socket \"" + socket.path() + "\"";
                case ServerAddress.Tcp tcp ->
                    "connection to server at \"" + tcp.host() + "\""
                            + (tcp.address().equals(tcp.host()) ? "" : " (" + tcp.address() + ")") + ", port "
                            + tcp.port();
            };
        }

        private String question(IOException e) {
            return e instanceof SocketTimeoutException
                    ? ""
                    : server instanceof ServerAddress.Tcp
                            ? "\n\tIs the server running on that host and accepting TCP/IP connections?"
                            : "\n\tIs the server running locally and accepting connections on that socket?";
        }

        private String reason(IOException e) {
            if (e instanceof SocketTimeoutException) {
                return "timeout expired";
            }
            if (server instanceof ServerAddress.UnixSocket socket && java.nio.file.Files.notExists(socket.path())) {
                return "No such file or directory";
            }
            return WireConnection.reason(e);
        }
    }

    private String objection(WireConnection connection, TargetSession wanted) throws IOException {
        if (wanted == TargetSession.ANY) {
            return "";
        }
        boolean inRecovery;
        boolean readOnly;
        if (connection.parameter("in_hot_standby").isPresent()) {
            inRecovery = connection.parameter("in_hot_standby").get().equals("on");
            readOnly = connection
                    .parameter("default_transaction_read_only")
                    .orElse("")
                    .equals("on");
        } else if (kind == SessionKind.PHYSICAL_REPLICATION) {
            // A server before 14 tells a replication session only this.
            readOnly = connection
                    .queryRows("SHOW transaction_read_only")
                    .getFirst()
                    .string(0)
                    .equals("on");
            inRecovery = readOnly;
        } else {
            Row row = connection
                    .queryRows("SELECT pg_catalog.pg_is_in_recovery(),"
                            + " pg_catalog.current_setting('transaction_read_only')")
                    .getFirst();
            inRecovery = row.isTrue(0);
            readOnly = row.string(1).equals("on");
        }
        return wanted.objection(new SessionFacts(connection.serverVersion(), inRecovery, readOnly));
    }
}
