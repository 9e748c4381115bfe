package org.pgark.postgres.connection;

/** A connection string, a variable, a service file or a pass file says what cannot be followed; no server was asked. */
public final class InvalidConnectionSettingsException extends ConnectionException {
    private static final long serialVersionUID = 1L;

    InvalidConnectionSettingsException(String message) {
        this(message, "");
    }

    InvalidConnectionSettingsException(String message, String hint) {
        super(message, hint, "");
    }
}
