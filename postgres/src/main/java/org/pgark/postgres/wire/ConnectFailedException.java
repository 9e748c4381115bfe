package org.pgark.postgres.wire;

/**
 * No server of the settings could be entered. The message is libpq's: a line for each place that was tried, for example
 * {@code connection to server on socket "/tmp/.s.PGSQL.5432" failed: No such file or directory}.
 */
public final class ConnectFailedException extends WireException {
    private static final long serialVersionUID = 1L;
    private final boolean passwordMissing;
    private final String sqlState;

    ConnectFailedException(String message, boolean passwordMissing, String sqlState, Throwable cause) {
        super(message, cause);
        this.passwordMissing = passwordMissing;
        this.sqlState = sqlState;
    }

    /** Whether the server asked for a password and none was known: asking the user may help. */
    public boolean isPasswordMissing() {
        return passwordMissing;
    }

    /** The SQLSTATE of the last server that answered; empty if none did. */
    public String sqlState() {
        return sqlState;
    }
}
