package org.pgark.postgres.wire;

/** The server sent what the protocol does not allow; the connection is closed then. */
public final class ProtocolViolationException extends WireException {
    private static final long serialVersionUID = 1L;

    ProtocolViolationException(String message) {
        super(message);
    }
}
