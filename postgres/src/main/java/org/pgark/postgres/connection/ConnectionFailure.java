package org.pgark.postgres.connection;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Why one server was not entered.
 *
 * @param server the place
 * @param reason in lower case, without a full stop
 * @param hint a sentence, or empty
 * @param sqlState the SQLSTATE, or empty
 * @param cause what was thrown, if anything
 */
record ConnectionFailure(
        ServerAddress server,
        String reason,
        String hint,
        String sqlState,
        @Nullable Throwable cause) {
    private static final String CANNOT_CONNECT_NOW = "57P03";

    /** Whether further servers need not be asked: this one answered, and the answer was no. */
    boolean endsSearch() {
        return !sqlState.isEmpty() && !sqlState.startsWith("08") && !sqlState.equals(CANNOT_CONNECT_NOW);
    }

    static String description(ServerAddress server, ConnectionSettings settings) {
        return server.description() + who(settings);
    }

    private static String who(ConnectionSettings settings) {
        return " (user \"" + settings.user() + "\", database \"" + settings.database() + "\")";
    }

    /** One exception for all that was tried. */
    static ConnectionException join(List<ConnectionFailure> failures, ConnectionSettings settings) {
        ConnectionFailure last = failures.getLast();
        String message = failures.size() == 1
                ? "cannot connect to " + description(last.server, settings) + ": " + last.reason
                : "cannot connect to any server" + who(settings) + ": "
                        + failures.stream()
                                .map(failure -> failure.server.description() + ": " + failure.reason)
                                .collect(Collectors.joining("; "));
        return last.cause == null
                ? new ConnectionException(message, last.hint, last.sqlState)
                : new ConnectionException(message, last.hint, last.sqlState, last.cause);
    }

    static ConnectionFailure whileOpening(SQLException failure, ServerAddress server, ConnectionSettings settings) {
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        Optional<String> answer = serverMessage(failure);
        if (answer.isPresent()) {
            String hint = ConnectionHint.forAnswer(state, answer.get(), settings);
            return new ConnectionFailure(server, answer.get(), hint, state, failure);
        }
        Optional<IOException> io = ioCause(failure);
        if (io.isPresent()) {
            return new ConnectionFailure(
                    server,
                    reason(
                            io.get(),
                            server,
                            "no answer within " + settings.connectTimeout().toSeconds() + " s"),
                    ConnectionHint.forFailure(io.get(), server, settings),
                    state,
                    failure);
        }
        if (state.startsWith("28") || state.equals("08004")) {
            boolean none = settings.password(server).isEmpty();
            if (none && oneLine(failure.getMessage()).contains("password")) {
                return new ConnectionFailure(
                        server,
                        "the server asks for a password, and none is known",
                        "Set PGPASSWORD, or add a line to the pass file (~/.pgpass).",
                        "28P01",
                        failure);
            }
        }
        return new ConnectionFailure(server, driverMessage(failure), "", state, failure);
    }

    static ConnectionException duringSession(SQLException failure, ServerAddress server, ConnectionSettings settings) {
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        String place = description(server, settings);
        String reason = serverMessage(failure)
                .or(() -> ioCause(failure).map(cause -> reason(cause, server, "no answer in time")))
                .orElseGet(() -> driverMessage(failure));
        if (state.startsWith("08")
                || state.startsWith("57P0")
                || ioCause(failure).isPresent()) {
            return new ConnectionException(
                    "connection to " + place + " was lost: " + reason,
                    "See the server's log for why it ended the connection.",
                    state,
                    failure);
        }
        return new ConnectionException("query failed on " + place + ": " + reason, "", state, failure);
    }

    private static Optional<String> serverMessage(SQLException failure) {
        if (failure instanceof PSQLException answered) {
            ServerErrorMessage message = answered.getServerErrorMessage();
            return message == null
                    ? Optional.empty()
                    : Optional.ofNullable(message.getMessage()).map(ConnectionFailure::oneLine);
        }
        return Optional.empty();
    }

    private static Optional<IOException> ioCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return Optional.of(io);
            }
        }
        return Optional.empty();
    }

    private static String reason(IOException failure, ServerAddress server, String limit) {
        if (failure instanceof SocketTimeoutException) {
            return limit;
        }
        String said = oneLine(failure.getMessage());
        if (failure instanceof EOFException || said.equals("Broken pipe") || said.startsWith("Connection reset")) {
            return "the server closed the connection";
        }
        if (server instanceof ServerAddress.UnixSocket socket && Files.notExists(socket.path())) {
            return "socket does not exist";
        }
        String message = driverMessage(failure);
        return message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }

    /** The driver and the JDK begin with a capital and end with a full stop. */
    private static String driverMessage(Throwable failure) {
        String message = oneLine(failure.getMessage());
        if (message.length() < 2) {
            return message;
        }
        boolean sentence = Character.isLowerCase(message.charAt(1)) || message.charAt(1) == ' ';
        String start = message.substring(0, 1);
        String end = message.substring(1, message.endsWith(".") ? message.length() - 1 : message.length());
        return (sentence ? start.toLowerCase(Locale.ROOT) : start) + end;
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "" : text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
