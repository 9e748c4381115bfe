package org.pgark.postgres.wire;

import java.io.IOException;
import java.io.OutputStream;

/**
 * COPY data from the server. Either message by message, by {@link #next()}, or everything into a stream, by {@link
 * #transferTo}. Closing early cancels the statement.
 */
public final class CopyOut implements Answer, AutoCloseable {
    private static final int OUTPUT_BUFFER = 128 << 10;

    private final Exchange exchange;
    private boolean ended;

    CopyOut(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Makes the next message current: for COPY in text form one row with its line end.
     *
     * @return false at the end
     */
    public boolean next() throws IOException {
        if (ended) {
            return false;
        }
        return arrived(exchange.nextMessage());
    }

    private boolean arrived(int type) throws ProtocolViolationException {
        if (type == 'd') {
            return true;
        }
        if (type == 'c') {
            ended = true;
            exchange.partEnded();
            return false;
        }
        throw exchange.unexpected(type, "COPY data");
    }

    /** The buffer that holds the current message; it is used again by the next call. */
    public byte[] buffer() {
        return exchange.reader().buffer();
    }

    /** Where the current message begins in the buffer. */
    public int offset() {
        return exchange.reader().offset();
    }

    /** How long the current message is, in bytes. */
    public int length() {
        return exchange.reader().remaining();
    }

    /**
     * Writes all that is left to a stream, in large pieces, and reads the statement's end.
     *
     * @return how many bytes were written
     */
    public long transferTo(OutputStream target) throws IOException {
        MessageReader reader = exchange.reader();
        byte[] pieces = new byte[OUTPUT_BUFFER];
        int filled = 0;
        long total = 0;
        while (!ended && arrived(exchange.nextHead())) {
            while (exchange.connection().nextPiece()) {
                int length = reader.remaining();
                total += length;
                if (length > pieces.length - filled) {
                    target.write(pieces, 0, filled);
                    filled = 0;
                }
                if (length > pieces.length) {
                    target.write(reader.buffer(), reader.offset(), length);
                } else {
                    System.arraycopy(reader.buffer(), reader.offset(), pieces, filled, length);
                    filled += length;
                }
            }
            // The rows that came with it, most often many.
            int gathered = reader.gather(pieces, filled);
            total += gathered - filled;
            filled = gathered;
        }
        target.write(pieces, 0, filled);
        return total;
    }

    void drain() throws IOException {
        while (!ended && arrived(exchange.nextHead())) {
            // The head reads over the body of the message before.
        }
    }

    @Override
    public void close() throws IOException {
        exchange.abandon(ended);
    }
}
