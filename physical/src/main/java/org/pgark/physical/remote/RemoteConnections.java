package org.pgark.physical.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** Connections that are used one after the other by many threads; as many are open as were needed at once. */
final class RemoteConnections implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    /** Signature, flags and length of the extension of COPY's binary form. */
    private static final int COPY_HEADER = 19;

    private static final int ROW_HEADER = 6;

    private static final String STARTED = "SELECT (extract(epoch from pg_catalog.pg_postmaster_start_time()) * 1000000)"
            + "::bigint, pg_catalog.pg_is_in_recovery()";

    private final ConnectionSettings settings;
    private final String server;
    private final ConcurrentLinkedDeque<WireConnection> idle = new ConcurrentLinkedDeque<>();

    /** Opens the first one, whose server all others must lead to as well. */
    RemoteConnections(ConnectionSettings settings) throws IOException {
        this.settings = settings;
        WireConnection first = WireConnection.open(settings);
        boolean kept = false;
        try {
            this.server = identity(first);
            kept = true;
        } finally {
            if (!kept) {
                first.close();
            }
        }
        idle.push(first);
    }

    private static String identity(WireConnection connection) throws IOException {
        Row row = connection.queryRows(STARTED).getFirst();
        return row.string(0) + " " + row.string(1);
    }

    /** When the server started. */
    Instant started() {
        long micros = Long.parseLong(server.substring(0, server.indexOf(' ')));
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L);
    }

    /** A restart, a promotion or another host of several would mix the files of two servers. */
    private WireConnection opened() throws IOException {
        WireConnection connection = WireConnection.open(settings);
        boolean kept = false;
        try {
            if (!identity(connection).equals(server)) {
                throw new IOException("connections lead to different servers, or the server was restarted meanwhile");
            }
            kept = true;
            return connection;
        } finally {
            if (!kept) {
                connection.close();
            }
        }
    }

    private interface Work<T> {
        T with(WireConnection connection) throws IOException;
    }

    /** Reading may be repeated: a connection that broke is replaced. */
    private <T> T with(Work<T> work) throws IOException {
        for (int attempt = 1; ; attempt++) {
            WireConnection pooled = idle.poll();
            WireConnection connection = pooled == null ? opened() : pooled;
            try {
                T result = work.with(connection);
                idle.push(connection);
                return result;
            } catch (ServerErrorException e) {
                if (connection.isClosed()) {
                    connection.close();
                } else {
                    idle.push(connection);
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (WireException e) {
                connection.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }

    List<Row> rows(String query) throws IOException {
        return with(connection -> connection.queryRows(query));
    }

    /**
     * The bytes that a query of one row and one column gives; empty if it gives NULL.
     *
     * @param expected how many there are at most
     */
    Optional<ByteBuffer> bytes(String query, int expected) throws IOException {
        return with(connection -> {
            Bytes received = new Bytes(expected + COPY_HEADER + ROW_HEADER + 2);
            try (CopyOut copy = connection.copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)")) {
                copy.transferTo(received);
            }
            ByteBuffer all = received.buffer();
            if (all.remaining() < COPY_HEADER + ROW_HEADER) {
                throw new IOException("the server's answer to COPY has only " + all.remaining() + " bytes");
            }
            int length = all.getInt(COPY_HEADER + 2);
            if (length < 0) {
                return Optional.empty();
            }
            if (length > all.remaining() - COPY_HEADER - ROW_HEADER) {
                throw new IOException("the server's answer to COPY is cut short");
            }
            return Optional.of(all.slice(COPY_HEADER + ROW_HEADER, length));
        });
    }

    /** Bytes that are not copied once more to be read. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes(int size) {
            super(size);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }

    /** A text as SQL takes it, whatever is in it. */
    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public void close() throws IOException {
        for (WireConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }
}
