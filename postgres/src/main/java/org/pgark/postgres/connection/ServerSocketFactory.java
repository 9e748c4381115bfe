package org.pgark.postgres.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Gives pgjdbc sockets that are connected already to one fixed place. Public only because pgjdbc makes it by its name.
 *
 * <p>The argument is {@code <timeout ms> unix <required user or -> <path>} or {@code <timeout ms> inet <address> <port>}.
 */
public final class ServerSocketFactory extends SocketFactory {
    private final String argument;

    /** Takes the argument in the form above. */
    public ServerSocketFactory(String argument) {
        super();
        this.argument = argument;
    }

    static String argument(ConnectionSettings settings, ServerAddress server) {
        String prefix = Long.toString(settings.connectTimeout().toMillis());
        return switch (server) {
            case ServerAddress.UnixSocket socket ->
                prefix + " unix "
                        + settings.option(ConnectionOption.REQUIREPEER).orElse("-") + " " + socket.path();
            case ServerAddress.Tcp tcp -> prefix + " inet " + tcp.address() + " " + tcp.port();
        };
    }

    @Override
    public Socket createSocket() throws IOException {
        String[] words = argument.split(" ", 4);
        Duration timeout = Duration.ofMillis(Long.parseLong(words[0]));
        if (words[1].equals("unix")) {
            return UnixSocket.connect(Path.of(words[3]), timeout, words[2]);
        }
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral(words[2]), Integer.parseInt(words[3])),
                    Math.toIntExact(timeout.toMillis()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket();
    }
}
