package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.postgres.connection.ByteText;
import org.pgark.postgres.wire.CopyIn;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;

/** Runs a restore's commands on a server. The texts of archives are bytes, which become characters only here. */
final class ServerTarget implements RestoreTarget, AutoCloseable {
    static final String EMPTY_SEARCH_PATH = "SELECT pg_catalog.set_config('search_path', '', false);";

    private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 170000;

    private final ServerConnections connections;
    private final RestoreErrors errors;
    private final boolean standardStrings;
    private WireConnection connection;
    private Optional<String> database;

    ServerTarget(
            ServerConnections connections, Optional<String> database, RestoreErrors errors, boolean standardStrings)
            throws IOException {
        this.connections = connections;
        this.errors = errors;
        this.database = database;
        this.standardStrings = standardStrings;
        this.connection = open();
    }

    private WireConnection open() throws IOException {
        WireConnection opened = connections.open(database);
        // Nobody's own objects may stand in for the system's.
        opened.execute(EMPTY_SEARCH_PATH);
        return opened;
    }

    /** The database that {@link #connect} went to last. */
    Optional<String> database() {
        return database;
    }

    RestoreErrors errors() {
        return errors;
    }

    @Override
    public boolean isServer() {
        return true;
    }

    @Override
    public boolean knowsTransactionTimeout() {
        return connection.serverVersion() >= FIRST_WITH_TRANSACTION_TIMEOUT;
    }

    @Override
    public void comment(String text) {
        // A server has no use for it.
    }

    private String decoded(String text) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), connection.charset());
    }

    @Override
    public void sql(String text) throws IOException {
        run(text, "could not execute query");
    }

    private void run(String text, String failure) throws IOException {
        String statement = decoded(text);
        try {
            connection.execute(statement);
        } catch (ServerErrorException e) {
            requireOpen(e);
            errors.report(failure + ": " + StatementPosition.withLine(e, statement) + "Command was: " + statement);
        }
    }

    private void requireOpen(ServerErrorException e) throws ArchiveException {
        if (connection.isClosed()) {
            throw new ArchiveException("could not execute query: " + e.getMessage(), e);
        }
    }

    @Override
    public void setting(String statement, String end, String failure, boolean fatal) throws IOException {
        String text = decoded(statement);
        try {
            connection.execute(text);
        } catch (ServerErrorException e) {
            requireOpen(e);
            String message = decoded(failure) + ": " + StatementPosition.withLine(e, text);
            if (fatal) {
                throw new ArchiveException(message, e);
            }
            errors.report(message);
        }
    }

    @Override
    public void begin(String text) throws IOException {
        run("BEGIN", "could not start database transaction");
    }

    @Override
    public void commit(String text) throws IOException {
        run("COMMIT", "could not commit database transaction");
    }

    @Override
    public void connect(String name) throws IOException {
        database = Optional.of(ByteText.decode(name.getBytes(StandardCharsets.ISO_8859_1)));
        connection.close();
        connection = open();
    }

    @Override
    public void copy(String statement, String table, Content content) throws IOException {
        String command = decoded(statement);
        CopyIn copy;
        try {
            copy = connection.copyIn(command);
        } catch (ServerErrorException e) {
            requireOpen(e);
            errors.report(
                    "could not execute query: " + StatementPosition.withLine(e, command) + "Command was: " + command);
            return;
        }
        try (copy) {
            content.write(new RefusalKeepingStream(copy));
            copy.commit();
        } catch (RefusedException refused) {
            reportCopy(table, refused.error());
        } catch (ServerErrorException e) {
            reportCopy(table, e);
        }
    }

    private void reportCopy(String table, ServerErrorException e) throws IOException {
        requireOpen(e);
        errors.report("COPY failed for table \"" + decoded(table) + "\": " + e.getMessage());
    }

    @Override
    public void commands(Content content) throws IOException {
        try (StatementSplitter splitter = new StatementSplitter(this::sql, standardStrings)) {
            content.write(splitter);
        }
    }

    @Override
    public OutputStream largeObject(long oid) {
        return new LargeObjectContent(oid);
    }

    @Override
    public OutputStream newLargeObject(long oid, boolean drop) throws IOException {
        if (drop) {
            sql(LargeObjectCommands.dropIfExists(oid));
        }
        try {
            connection.execute("SELECT pg_catalog.lo_create('" + oid + "')");
        } catch (ServerErrorException e) {
            throw new ArchiveException("could not create large object " + oid + ": " + e.getMessage(), e);
        }
        return new LargeObjectContent(oid);
    }

    @Override
    public void enter(RestoreItem item) {
        errors.enter(item);
    }

    @Override
    public boolean hasFailed(RestoreItem item) {
        return errors.hasFailed(item);
    }

    /** Whether the session is still there. */
    boolean isOpen() {
        return !connection.isClosed();
    }

    WireConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        connection.close();
    }

    /** The server refused data in the midst of a COPY: the rest need not be read. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final ServerErrorException error;

        RefusedException(ServerErrorException error) {
            super(error.getMessage(), error);
            this.error = error;
        }

        ServerErrorException error() {
            return error;
        }
    }

    private static final class RefusalKeepingStream extends OutputStream {
        private final CopyIn copy;

        RefusalKeepingStream(CopyIn copy) {
            super();
            this.copy = copy;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            try {
                copy.write(source, offset, length);
            } catch (ServerErrorException e) {
                throw new RefusedException(e);
            }
        }
    }

    private final class LargeObjectContent extends OutputStream {
        private static final int PIECE = 128 << 10;

        private final long oid;
        private final byte[] piece = new byte[PIECE];
        private int filled;
        private long offset;

        LargeObjectContent(long oid) {
            super();
            this.oid = oid;
        }

        @Override
        public void write(int single) throws IOException {
            if (filled == PIECE) {
                send();
            }
            piece[filled++] = (byte) single;
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            int position = from;
            int left = length;
            while (left > 0) {
                if (filled == PIECE) {
                    send();
                }
                int count = Math.min(left, PIECE - filled);
                System.arraycopy(source, position, piece, filled, count);
                filled += count;
                position += count;
                left -= count;
            }
        }

        private void send() throws IOException {
            if (filled == 0) {
                return;
            }
            try {
                connection.execute("SELECT pg_catalog.lo_put('" + oid + "', " + offset + ", '\\x"
                        + HexFormat.of().formatHex(piece, 0, filled) + "'::pg_catalog.bytea)");
            } catch (ServerErrorException e) {
                if (offset == 0) {
                    throw new ArchiveException("could not open large object " + oid + ": " + e.getMessage(), e);
                }
                requireOpen(e);
                errors.report("could not write to large object: " + e.getMessage());
            }
            offset += filled;
            filled = 0;
        }

        @Override
        public void close() throws IOException {
            send();
        }
    }
}
