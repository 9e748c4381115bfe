package org.pgark.postgres.connection;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds a connection string.
 *
 * @param variables the environment variables, of which those that begin with {@code PG} matter
 * @param home the folder with {@code .pgpass}, {@code .pg_service.conf} and {@code .postgresql}
 * @param user the operating system's name of the user, by which PostgreSQL is entered when no other is named
 * @param socketFolders where servers usually have their Unix sockets, the likeliest first
 * @param systemFolders where {@code pg_service.conf} may be if {@code PGSYSCONFDIR} does not say it
 */
public record ConnectionEnvironment(
        Map<String, String> variables, Path home, String user, List<Path> socketFolders, List<Path> systemFolders) {
    private static final List<Path> SOCKET_FOLDERS = List.of(Path.of("/var/run/postgresql"), Path.of("/tmp"));
    private static final List<Path> SYSTEM_FOLDERS =
            List.of(Path.of("/etc/postgresql-common"), Path.of("/etc/sysconfig/pgsql"));

    public ConnectionEnvironment {
        variables = Map.copyOf(variables);
        socketFolders = List.copyOf(socketFolders);
        systemFolders = List.copyOf(systemFolders);
    }

    /** Surroundings with the usual folders of Linux distributions. */
    public static ConnectionEnvironment of(Map<String, String> variables, Path home, String user) {
        return new ConnectionEnvironment(variables, home, user, SOCKET_FOLDERS, SYSTEM_FOLDERS);
    }

    /** The surroundings of this process. */
    public static ConnectionEnvironment current() {
        Map<String, String> variables = System.getenv();
        String home = variables.getOrDefault("HOME", "");
        return of(
                variables,
                Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
                System.getProperty("user.name"));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** Shows no variables, since one may hold a password. */
    @Override
    public String toString() {
        return "ConnectionEnvironment[home=" + home + ", user=" + user + "]";
    }
}
