package org.pgark.postgres.connection;

import java.io.IOException;
import java.util.Optional;

/** A server could not be reached, refused the session, went away or failed a query. The message is one line. */
public sealed class ConnectionException extends IOException permits InvalidConnectionSettingsException {
    private static final long serialVersionUID = 1L;
    private final String hint;
    private final String sqlState;

    ConnectionException(String message, String hint, String sqlState) {
        super(message);
        this.hint = hint;
        this.sqlState = sqlState;
    }

    ConnectionException(String message, String hint, String sqlState, Throwable cause) {
        super(message, cause);
        this.hint = hint;
        this.sqlState = sqlState;
    }

    /** What the user can do about it. */
    public final Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }

    /** The five characters of the server's or the driver's SQLSTATE, if there was one. */
    public final Optional<String> sqlState() {
        return sqlState.isEmpty() ? Optional.empty() : Optional.of(sqlState);
    }
}
