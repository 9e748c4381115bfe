package org.pgark.postgres.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/** A Unix socket channel in the clothes of {@link Socket}, as far as pgjdbc looks. */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final UnixSocketStreams streams;
    private volatile int timeoutMillis;

    private UnixSocket(SocketChannel channel) throws IOException {
        super();
        this.channel = channel;
        this.streams = new UnixSocketStreams(channel);
    }

    /** A required user other than "-" must be the one that the server's process runs as. */
    static UnixSocket connect(Path path, Duration timeout, String requiredUser) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            connect(channel, path, timeout);
            if (!requiredUser.equals("-")) {
                String user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED)
                        .user()
                        .getName();
                if (!user.equals(requiredUser)) {
                    throw new SocketException("requirepeer specifies \"" + requiredUser
                            + "\", but actual peer user name is \"" + user + "\"");
                }
            }
            channel.configureBlocking(false);
            return new UnixSocket(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Blocks while the server's queue is full; a watchdog closes the channel when the time is over. */
    private static void connect(SocketChannel channel, Path path, Duration timeout) throws IOException {
        if (timeout.isZero()) {
            channel.connect(UnixDomainSocketAddress.of(path));
            return;
        }
        Thread watchdog = Thread.ofPlatform()
                .daemon()
                .name("pgark-connect-watchdog")
                .start(() -> {
                    try {
                        Thread.sleep(timeout);
                        channel.close();
                    } catch (InterruptedException | IOException e) {
                        // Connected in time, or closed by somebody else.
                        Thread.currentThread().interrupt();
                    }
                });
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (AsynchronousCloseException e) {
            SocketTimeoutException late = new SocketTimeoutException("connect timed out");
            late.initCause(e);
            throw late;
        } finally {
            watchdog.interrupt();
        }
    }

    @Override
    public InputStream getInputStream() {
        return streams.input(() -> timeoutMillis);
    }

    @Override
    public OutputStream getOutputStream() {
        return streams.output();
    }

    @Override
    public void close() throws IOException {
        streams.close();
        channel.close();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        setOption(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return getOption(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        setOption(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return getOption(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public <T> Socket setOption(java.net.SocketOption<T> name, T value) throws SocketException {
        try {
            channel.setOption(name, value);
            return this;
        } catch (IOException e) {
            throw (SocketException) new SocketException(String.valueOf(e.getMessage())).initCause(e);
        }
    }

    @Override
    public <T> T getOption(java.net.SocketOption<T> name) throws SocketException {
        try {
            return channel.getOption(name);
        } catch (IOException e) {
            throw (SocketException) new SocketException(String.valueOf(e.getMessage())).initCause(e);
        }
    }

    /** Does nothing: a Unix socket never waits to fill a packet. */
    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    /** Does nothing: a Unix socket's other end cannot vanish unnoticed. */
    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean getKeepAlive() {
        return false;
    }

    @Override
    public String toString() {
        return "UnixSocket[" + channel + "]";
    }
}
