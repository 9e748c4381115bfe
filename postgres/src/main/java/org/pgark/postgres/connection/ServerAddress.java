package org.pgark.postgres.connection;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where a server listens. */
public sealed interface ServerAddress {
    /** The port, which is also part of a Unix socket's file name. */
    int port();

    /** The place in words for messages, for example {@code host "db1", port 5432}. */
    String description();

    /**
     * A Unix socket.
     *
     * @param folder the absolute folder of {@code unix_socket_directories}
     * @param port from 1 to 65535
     */
    record UnixSocket(Path folder, int port) implements ServerAddress {
        private static final int LONGEST_PATH_BYTES = 107;

        public UnixSocket {
            if (!folder.isAbsolute()) {
                throw new IllegalArgumentException("invalid socket folder \"" + folder + "\", must be absolute");
            }
            checkPort(port);
        }

        /** The socket itself, for example {@code /var/run/postgresql/.s.PGSQL.5432}. */
        public Path path() {
            return folder.resolve(".s.PGSQL." + port);
        }

        boolean isTooLong() {
            return path().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES;
        }

        @Override
        public String description() {
            return "socket \"" + path() + "\"";
        }
    }

    /**
     * A port of a host.
     *
     * @param host the name that certificates and pass files are compared with
     * @param address the name or the numeric address to connect to; usually the same as {@code host}
     * @param port from 1 to 65535
     */
    record Tcp(String host, String address, int port) implements ServerAddress {
        public Tcp {
            if (host.isEmpty() || address.isEmpty()) {
                throw new IllegalArgumentException("host is empty");
            }
            checkPort(port);
        }

        @Override
        public String description() {
            return "host \"" + host + "\"" + (address.equals(host) ? "" : " (" + address + ")") + ", port " + port;
        }
    }

    private static void checkPort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("invalid port number: \"" + port + "\"");
        }
    }
}
