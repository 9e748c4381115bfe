package org.pgark.postgres.wire;

/** An open connection broke: the server ended, the network failed, or the connection was closed on this side. */
public final class ConnectionLostException extends WireException {
    private static final long serialVersionUID = 1L;

    ConnectionLostException(String message) {
        super(message);
    }

    ConnectionLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
