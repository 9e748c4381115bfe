package org.pgark.postgres.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** Opens the way to a server, over TCP or a Unix socket, before any protocol is spoken on it. */
public final class ServerSockets {
    private static final Map<ConnectionOption, java.net.SocketOption<Integer>> KEEPALIVES = Map.of(
            ConnectionOption.KEEPALIVES_IDLE, ExtendedSocketOptions.TCP_KEEPIDLE,
            ConnectionOption.KEEPALIVES_INTERVAL, ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ConnectionOption.KEEPALIVES_COUNT, ExtendedSocketOptions.TCP_KEEPCOUNT);

    private ServerSockets() {}

    /**
     * Connects to one place. The address of a TCP server must be numeric, or it is looked up here.
     *
     * @param timeout how long the server may take; zero for ever
     */
    public static Socket connect(ServerAddress server, ConnectionSettings settings, Duration timeout)
            throws IOException {
        return switch (server) {
            case ServerAddress.UnixSocket unix ->
                UnixSocket.connect(
                        unix.path(),
                        timeout,
                        settings.option(ConnectionOption.REQUIREPEER).orElse("-"));
            case ServerAddress.Tcp tcp -> connect(tcp, settings, timeout);
        };
    }

    private static Socket connect(ServerAddress.Tcp tcp, ConnectionSettings settings, Duration timeout)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (!settings.option(ConnectionOption.KEEPALIVES)
                    .orElse("1")
                    .strip()
                    .equals("0")) {
                socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                for (Map.Entry<ConnectionOption, java.net.SocketOption<Integer>> entry : KEEPALIVES.entrySet()) {
                    int value = Integer.parseInt(
                            settings.option(entry.getKey()).orElse("0").strip());
                    if (value > 0) {
                        socket.setOption(entry.getValue(), value);
                    }
                }
            }
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(tcp.address()), tcp.port()),
                    Math.toIntExact(timeout.toMillis()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
