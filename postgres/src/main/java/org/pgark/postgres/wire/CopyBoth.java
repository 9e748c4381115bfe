package org.pgark.postgres.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** COPY in both directions at once, as streaming replication has it. */
public final class CopyBoth implements Answer {
    private final Exchange exchange;
    private boolean serverEnded;
    private boolean clientEnded;

    CopyBoth(Exchange exchange) {
        this.exchange = exchange;
    }

    /** What became of waiting for a message. */
    public enum Arrival {
        /** A message is current. */
        MESSAGE,
        /** Nothing came in time. */
        NOTHING,
        /** The server has ended its direction. */
        END
    }

    /**
     * Waits for the next message and makes it current.
     *
     * @param patience how long to wait; zero looks only at what has arrived
     */
    public Arrival receive(Duration patience) throws IOException {
        if (serverEnded) {
            return Arrival.END;
        }
        int type;
        try {
            type = exchange.connection().nextMessageWithin(exchange, patience);
        } catch (SocketTimeoutException e) {
            return Arrival.NOTHING;
        }
        if (type == 'd') {
            return Arrival.MESSAGE;
        }
        if (type == 'c') {
            serverEnded = true;
            return Arrival.END;
        }
        throw exchange.unexpected(type, "replication data");
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

    /** Sends one message. */
    public void send(byte[] message) throws IOException {
        exchange.connection().send('d', message, 0, message.length);
    }

    /** Ends the client's direction, once. */
    public void endSending() throws IOException {
        if (!clientEnded) {
            clientEnded = true;
            exchange.connection().sendEmpty('c');
        }
    }

    /** Ends both directions and reads over what still comes; the exchange goes on with the results that follow. */
    public void finish() throws IOException {
        endSending();
        Arrival arrival = serverEnded ? Arrival.END : Arrival.NOTHING;
        while (arrival != Arrival.END) {
            int type = exchange.nextMessage();
            if (type == 'c') {
                serverEnded = true;
                arrival = Arrival.END;
            } else if (type != 'd') {
                throw exchange.unexpected(type, "replication data");
            }
        }
        exchange.partEnded();
    }
}
