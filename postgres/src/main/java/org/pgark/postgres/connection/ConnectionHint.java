package org.pgark.postgres.connection;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;

/** What a user can do when a server is not to be entered. */
final class ConnectionHint {
    private ConnectionHint() {}

    /** By the server's own answer; empty if there is nothing to add to it. */
    static String forAnswer(String sqlState, String answer, ConnectionSettings settings) {
        if (answer.startsWith("Peer authentication failed") || answer.startsWith("Ident authentication failed")) {
            return "Run pgark as the operating system's user \"" + settings.user()
                    + "\", or map your user to it in pg_ident.conf.";
        }
        if (answer.startsWith("no pg_hba.conf entry") || answer.startsWith("pg_hba.conf rejects")) {
            return "Add a line for this user, database and host to the server's pg_hba.conf and reload it.";
        }
        return switch (sqlState) {
            case "28P01" -> "Check the password in PGPASSWORD, the connection or the pass file (~/.pgpass).";
            case "28000" -> "Name the user to enter as, for example \"user=postgres\".";
            case "3D000" -> "Name the database, for example \"dbname=postgres\".";
            case "57P03" -> "Try again when the server has started, or has finished shutting down.";
            case "53300" -> "Raise max_connections, or let other sessions end first.";
            default -> "";
        };
    }

    /** By what the network did. */
    static String forFailure(IOException failure, ServerAddress server, ConnectionSettings settings) {
        if (failure instanceof SocketTimeoutException) {
            return "The server may be frozen or overloaded, or a firewall drops the packets; connect_timeout sets how long"
                    + " to wait.";
        }
        return switch (server) {
            case ServerAddress.Tcp tcp -> forHost(tcp, failure, settings);
            case ServerAddress.UnixSocket socket ->
                failure instanceof java.net.ConnectException || Files.notExists(socket.path()) ? forSocket(socket) : "";
        };
    }

    private static String forHost(ServerAddress.Tcp tcp, IOException failure, ConnectionSettings settings) {
        if (failure instanceof java.net.ConnectException) {
            return "Is the server running on host \"" + tcp.host() + "\" and accepting TCP connections on port "
                    + tcp.port() + "?";
        }
        if (failure instanceof javax.net.ssl.SSLException) {
            return "TLS is used as sslmode="
                    + settings.option(ConnectionOption.SSLMODE).orElse("prefer") + " asks; check the certificates.";
        }
        return "";
    }

    private static String forSocket(ServerAddress.UnixSocket socket) {
        if (Files.notExists(socket.path())) {
            return "Is the server running? If so, name the folder of its unix_socket_directories as host, and its port.";
        }
        return Files.isWritable(socket.path())
                ? "Is the server running? The socket may be left from one that was killed."
                : "The socket may not be used by this user: see unix_socket_permissions.";
    }
}
