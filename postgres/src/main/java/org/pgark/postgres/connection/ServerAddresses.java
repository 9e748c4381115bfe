package org.pgark.postgres.connection;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the lists {@code host}, {@code hostaddr} and {@code port}, which go side by side, separated by commas. */
final class ServerAddresses {
    private static final int DEFAULT_PORT = 5432;

    private ServerAddresses() {}

    static List<ServerAddress> of(Map<ConnectionOption, String> options, ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        List<String> hosts = split(options.getOrDefault(ConnectionOption.HOST, ""));
        List<String> addresses = split(options.getOrDefault(ConnectionOption.HOSTADDR, ""));
        List<String> ports = split(options.getOrDefault(ConnectionOption.PORT, ""));
        int count = Math.max(1, Math.max(hosts.size(), addresses.size()));
        if (!hosts.isEmpty() && !addresses.isEmpty() && hosts.size() != addresses.size()) {
            throw new InvalidConnectionSettingsException(
                    "could not match " + hosts.size() + " host names to " + addresses.size() + " hostaddr values");
        }
        if (ports.size() > 1 && ports.size() != count) {
            throw new InvalidConnectionSettingsException(
                    "could not match " + ports.size() + " port numbers to " + count + " hosts");
        }
        List<ServerAddress> servers = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int port = ports.isEmpty() ? DEFAULT_PORT : port(ports.get(ports.size() == 1 ? 0 : index));
            servers.add(server(
                    hosts.isEmpty() ? "" : hosts.get(index),
                    addresses.isEmpty() ? "" : addresses.get(index),
                    port,
                    environment));
        }
        return servers;
    }

    private static ServerAddress server(String host, String address, int port, ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        if (!address.isEmpty()) {
            try {
                InetAddress.ofLiteral(address);
            } catch (IllegalArgumentException e) {
                throw new InvalidConnectionSettingsException("could not parse network address \"" + address + "\"");
            }
            return new ServerAddress.Tcp(host.isEmpty() ? address : host, address, port);
        }
        if (host.startsWith("@")) {
            throw new InvalidConnectionSettingsException("abstract Unix socket \"" + host + "\" is not supported");
        }
        if (!host.isEmpty() && !host.startsWith("/")) {
            return new ServerAddress.Tcp(host, host, port);
        }
        ServerAddress.UnixSocket socket =
                host.isEmpty() ? usualSocket(port, environment) : new ServerAddress.UnixSocket(Path.of(host), port);
        if (socket.isTooLong()) {
            throw new InvalidConnectionSettingsException(
                    "Unix socket path \"" + socket.path() + "\" is too long (maximum 107 bytes)");
        }
        return socket;
    }

    /** The first usual folder that has a socket of this port, else the first that exists, else the first. */
    private static ServerAddress.UnixSocket usualSocket(int port, ConnectionEnvironment environment) {
        List<ServerAddress.UnixSocket> candidates = environment.socketFolders().stream()
                .map(folder -> new ServerAddress.UnixSocket(folder, port))
                .toList();
        return candidates.stream()
                .filter(socket -> Files.exists(socket.path()))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(socket -> Files.isDirectory(socket.folder()))
                        .findFirst())
                .orElse(candidates.getFirst());
    }

    private static int port(String text) throws InvalidConnectionSettingsException {
        if (text.isEmpty()) {
            return DEFAULT_PORT;
        }
        int port;
        try {
            port = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new InvalidConnectionSettingsException(
                    "invalid integer value \"" + text + "\" for connection option \"port\"");
        }
        if (port < 1 || port > 65535) {
            throw new InvalidConnectionSettingsException("invalid port number: \"" + text + "\"");
        }
        return port;
    }

    private static List<String> split(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }
}
