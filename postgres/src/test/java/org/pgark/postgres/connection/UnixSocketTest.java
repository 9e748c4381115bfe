package org.pgark.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UnixSocketTest {
    private Path folder;
    private Path path;
    private ServerSocketChannel listener;

    @BeforeEach
    void listen() throws IOException {
        folder = Files.createTempDirectory("pgark-socket-");
        path = folder.resolve(".s.PGSQL.5432");
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
    }

    @AfterEach
    void remove() throws IOException {
        listener.close();
        Files.deleteIfExists(path);
        Files.delete(folder);
    }

    private Socket connect() throws IOException {
        return UnixSocket.connect(path, Duration.ofSeconds(5), "-");
    }

    private void serve(Conversation conversation) {
        Thread.ofVirtual().start(() -> {
            try (SocketChannel peer = listener.accept()) {
                conversation.run(peer);
            } catch (AsynchronousCloseException e) {
                // The test is over.
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Conversation {
        void run(SocketChannel peer) throws IOException;
    }

    @Test
    void carriesMoreThanTheSystemsBuffersHoldInBothDirections() throws Exception {
        byte[] sent = new byte[5 << 20];
        new Random(1).nextBytes(sent);
        serve(peer -> {
            ByteBuffer all = ByteBuffer.allocate(sent.length);
            while (all.hasRemaining()) {
                peer.read(all);
            }
            all.flip();
            while (all.hasRemaining()) {
                peer.write(all);
            }
        });
        try (Socket socket = connect()) {
            socket.getOutputStream().write(sent);
            byte[] received = socket.getInputStream().readAllBytes();
            assertThat(Arrays.equals(received, sent)).isTrue();
        }
    }

    @Test
    void waitsNoLongerThanItsTimeout() throws Exception {
        serve(peer -> peer.read(ByteBuffer.allocate(1)));
        try (Socket socket = connect()) {
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
        }
    }

    @Test
    void endsAWaitingReadWhenItIsClosed() throws Exception {
        serve(peer -> peer.read(ByteBuffer.allocate(1)));
        Socket socket = connect();
        InputStream input = socket.getInputStream();
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return input.read();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        Thread.sleep(100);
        socket.close();
        assertThatThrownBy(read::join)
                .hasCauseInstanceOf(IOException.class)
                .satisfies(failure -> assertThat(failure.getCause())
                        .isInstanceOfAny(SocketException.class, java.nio.channels.ClosedChannelException.class));
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void knowsTheOtherEndsUser() throws Exception {
        String user = System.getProperty("user.name");
        UnixSocket.connect(path, Duration.ZERO, user).close();
        assertThatThrownBy(() -> UnixSocket.connect(path, Duration.ZERO, "somebody"))
                .hasMessage("requirepeer specifies \"somebody\", but actual peer user name is \"" + user + "\"");
    }

    @Test
    void tellsThatTheServerDoesNotAnswer() throws Exception {
        serve(peer -> {
            ByteBuffer bytes = ByteBuffer.allocate(1000);
            while (peer.read(bytes.clear()) >= 0) {
                bytes.flip();
            }
        });
        assertThatThrownBy(() -> ServerSession.open(settings("connect_timeout=1")))
                .isInstanceOf(ConnectionException.class)
                .hasMessage("cannot connect to socket \"" + path
                        + "\" (user \"ann\", database \"ann\"): no answer within 1 s");
    }

    @Test
    void tellsThatTheServerClosedTheConnection() throws Exception {
        serve(peer -> peer.read(ByteBuffer.allocate(1000)));
        assertThatThrownBy(() -> ServerSession.open(settings("")))
                .hasMessage("cannot connect to socket \"" + path
                        + "\" (user \"ann\", database \"ann\"): the server closed the connection");
    }

    @Test
    void tellsASocketThatIsLeftFromOneThatIsNotThere() throws Exception {
        listener.close();
        ConnectionException left = failure();
        assertThat(left)
                .hasMessage("cannot connect to socket \"" + path
                        + "\" (user \"ann\", database \"ann\"): connection refused");
        assertThat(left.hint()).contains("Is the server running? The socket may be left from one that was killed.");
        Files.delete(path);
        ConnectionException missing = failure();
        assertThat(missing)
                .hasMessage("cannot connect to socket \"" + path
                        + "\" (user \"ann\", database \"ann\"): socket does not exist");
        assertThat(missing.hint())
                .contains(
                        "Is the server running? If so, name the folder of its unix_socket_directories as host, and its"
                                + " port.");
    }

    private ConnectionException failure() {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                ConnectionException.class, () -> ServerSession.open(settings("")));
    }

    private ConnectionSettings settings(String more) throws InvalidConnectionSettingsException {
        ConnectionEnvironment environment =
                new ConnectionEnvironment(Map.of(), folder, "ann", List.of(folder), List.of());
        return ConnectionSettings.resolve("host=" + folder + " " + more, environment);
    }
}
