package org.pgark.postgres.wire;

/** The server refused a statement or gave it up. The exception's message is the server's text as libpq shows it. */
public final class ServerErrorException extends WireException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // exceptions are not stored
    private final ServerMessage server;

    ServerErrorException(ServerMessage server) {
        super(server.text());
        this.server = server;
    }

    /** All that the server said. */
    public ServerMessage server() {
        return server;
    }

    /** The five characters of the SQLSTATE. */
    public String sqlState() {
        return server.sqlState();
    }
}
