package org.pgark.postgres.wire;

import java.io.IOException;
import java.io.OutputStream;

/**
 * COPY data to the server. {@link #commit()} ends it well; closing without it makes the COPY fail, so that nothing of it
 * stays.
 */
public final class CopyIn extends OutputStream implements Answer {
    private static final int MESSAGE = 64 << 10;

    private final Exchange exchange;
    private final byte[] data = new byte[MESSAGE];
    private int filled;
    private boolean ended;

    CopyIn(Exchange exchange) {
        super();
        this.exchange = exchange;
    }

    @Override
    public void write(int single) throws IOException {
        if (filled == MESSAGE) {
            send();
        }
        data[filled++] = (byte) single;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int position = offset;
        int end = offset + length;
        while (position < end) {
            if (filled == MESSAGE) {
                send();
            }
            int count = Math.min(end - position, MESSAGE - filled);
            System.arraycopy(source, position, data, filled, count);
            filled += count;
            position += count;
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            send();
        }
    }

    /** Sends what was collected; a server that has given up already is heard at once. */
    private void send() throws IOException {
        requireOpen();
        exchange.connection().handleArrived(exchange);
        exchange.connection().send('d', data, 0, filled);
        filled = 0;
    }

    private void requireOpen() throws IOException {
        if (ended || exchange.isEnded()) {
            throw new IOException("the COPY has ended");
        }
    }

    /**
     * Ends the COPY and waits for the server's word on it.
     *
     * @return the command tag, for example {@code COPY 5}
     */
    public String commit() throws IOException {
        flush();
        requireOpen();
        ended = true;
        exchange.partEnded();
        exchange.connection().sendEmpty('c');
        return exchange.finish();
    }

    void fail(String reason) throws IOException {
        if (!ended && !exchange.isEnded()) {
            ended = true;
            exchange.partEnded();
            exchange.connection().sendText('f', reason);
        }
    }

    @Override
    public void close() throws IOException {
        if (ended || exchange.isEnded() || exchange.connection().isClosed()) {
            return;
        }
        fail("the copy was given up");
        try {
            exchange.finish();
        } catch (ServerErrorException e) {
            // The COPY failed, as it was told to.
            return;
        }
    }
}
