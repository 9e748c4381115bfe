package org.pgark.postgres.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;
import org.pgark.postgres.connection.ServerSockets;

/** The bytes to and from one server, in clear at first, under TLS after {@link #startTls}. */
final class WireSocket implements AutoCloseable {
    private static final int SSL_REQUEST = 1234 << 16 | 5679;

    private final ServerAddress server;
    private Socket socket;
    private @Nullable SSLSession session;

    private WireSocket(Socket socket, ServerAddress server) {
        this.socket = socket;
        this.server = server;
    }

    /** Connects to one place; {@code connect_timeout} also limits every wait until {@link #setTimeout} says otherwise. */
    static WireSocket connect(ConnectionSettings settings, ServerAddress server) throws IOException {
        Duration timeout = timeout(settings);
        Socket socket = ServerSockets.connect(server, settings, timeout);
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        return new WireSocket(socket, server);
    }

    /** Without {@code connect_timeout} a server may take its time, as with libpq. A limit of one second counts as two. */
    private static Duration timeout(ConnectionSettings settings) {
        int seconds = settings.option(ConnectionOption.CONNECT_TIMEOUT)
                .map(text -> Integer.parseInt(text.strip()))
                .orElse(0);
        return seconds <= 0 ? Duration.ZERO : Duration.ofSeconds(Math.max(2, Math.min(seconds, 1_000_000)));
    }

    /**
     * Asks the server for TLS and begins it.
     *
     * @return false if the server has no TLS; the connection stays in clear
     */
    boolean startTls(TlsPolicy policy) throws IOException {
        if (!(server instanceof ServerAddress.Tcp tcp)) {
            return false;
        }
        if (!policy.direct()) {
            new MessageWriter(output()).beginWithoutType().int32(SSL_REQUEST).send();
            int answer = socket.getInputStream().read();
            switch (answer) {
                case 'S' -> {}
                case 'N' -> {
                    return false;
                }
                case -1 -> throw new ConnectionLostException("server closed the connection unexpectedly");
                default ->
                    throw new ProtocolViolationException(
                            "received invalid response to SSL negotiation: " + MessageReader.name(answer));
            }
            // What came before the handshake may be another's words.
            if (socket.getInputStream().available() > 0) {
                throw new ProtocolViolationException("received unencrypted data after SSL response");
            }
        }
        SSLSocket encrypted = policy.wrap(socket, tcp.host());
        socket = encrypted;
        session = encrypted.getSession();
        return true;
    }

    boolean isEncrypted() {
        return session != null;
    }

    /** The server's certificate, if the connection is encrypted. */
    Optional<X509Certificate> certificate() throws IOException {
        return session == null ? Optional.empty() : Optional.of((X509Certificate) session.getPeerCertificates()[0]);
    }

    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    int available() throws IOException {
        return socket.getInputStream().available();
    }

    /** How long a read may wait from now on; zero for ever. */
    void setTimeout(Duration timeout) throws IOException {
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            System.getLogger(WireSocket.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the connection to " + server.description(), e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
