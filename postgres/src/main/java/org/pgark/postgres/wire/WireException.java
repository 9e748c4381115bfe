package org.pgark.postgres.wire;

import java.io.IOException;

/** A server could not be reached or entered, went away, refused a statement, or sent what the protocol does not allow. */
public sealed class WireException extends IOException
        permits ServerErrorException, ConnectFailedException, ConnectionLostException, ProtocolViolationException {
    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message);
    }

    WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
