package org.pgark.postgres.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.IntSupplier;

/** The two directions of a channel that does not block; selectors wait where there is nothing to read or no room. */
final class UnixSocketStreams {
    private static final int LARGEST_TRANSFER = 64 << 10;

    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;

    UnixSocketStreams(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.readable = Selector.open();
        this.writable = Selector.open();
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    void close() throws IOException {
        readable.close();
        writable.close();
    }

    /** A read that waits longer than the given milliseconds fails; zero waits for ever. */
    InputStream input(IntSupplier timeoutMillis) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] single = new byte[1];
                return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                ByteBuffer buffer = ByteBuffer.wrap(target, offset, Math.min(length, LARGEST_TRANSFER));
                int count = channel.read(buffer);
                if (count != 0) {
                    return count;
                }
                int timeout = timeoutMillis.getAsInt();
                long deadline = System.nanoTime() + timeout * 1_000_000L;
                while (count == 0) {
                    long left = timeout == 0 ? 0 : (deadline - System.nanoTime()) / 1_000_000L;
                    if (timeout > 0 && left <= 0) {
                        throw new SocketTimeoutException("Read timed out");
                    }
                    await(readable, left);
                    count = channel.read(buffer);
                }
                return count;
            }
        };
    }

    OutputStream output() {
        return new OutputStream() {
            private boolean refused;

            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                int position = offset;
                int end = offset + length;
                while (position < end && !refused) {
                    int count = send(source, position, Math.min(end - position, LARGEST_TRANSFER));
                    position += count;
                    if (count == 0) {
                        await(writable, 0);
                    }
                }
            }

            // A server that ends a session says why before it closes its end, and the driver reads that only if it does
            // not fail while writing. So what a server no longer takes is dropped, as libpq does, and the next read
            // tells the rest.
            private int send(byte[] source, int position, int size) throws IOException {
                try {
                    return channel.write(ByteBuffer.wrap(source, position, size));
                } catch (IOException e) {
                    if (!channel.isOpen()) {
                        throw e;
                    }
                    refused = true;
                    return size;
                }
            }
        };
    }

    private static void await(Selector selector, long timeoutMillis) throws IOException {
        try {
            selector.select(timeoutMillis);
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException e) {
            SocketException closed = new SocketException("Socket closed");
            closed.initCause(e);
            throw closed;
        }
    }
}
