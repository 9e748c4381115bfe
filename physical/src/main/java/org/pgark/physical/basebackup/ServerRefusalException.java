package org.pgark.physical.basebackup;

import java.io.IOException;
import java.util.Optional;
import org.pgark.postgres.wire.ServerErrorException;

/** The server does not begin a base backup. */
public final class ServerRefusalException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    ServerRefusalException(ServerErrorException refusal) {
        super(refusal.getMessage(), refusal);
        this.sqlState = refusal.sqlState();
    }

    ServerRefusalException(String message, Throwable cause) {
        super(message, cause);
        this.sqlState = "";
    }

    /** The code that the server gave, if it gave one. */
    public Optional<String> sqlState() {
        return Optional.of(sqlState).filter(state -> !state.isEmpty());
    }
}
