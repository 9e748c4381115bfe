package org.pgark.postgres.connection;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that it takes to enter a server, as libpq would understand it.
 *
 * <p>What the connection string says counts before a service file, that before environment variables, and those before
 * the defaults: the operating system's user, the database of the user's name, the usual socket folder, port 5432.
 */
public final class ConnectionSettings {
    /** How long a server may take to answer where {@code connect_timeout} is not set. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final Map<ConnectionOption, String> options;
    private final List<ServerAddress> servers;
    private final PassFile passFile;
    private final ConnectionEnvironment environment;

    private ConnectionSettings(
            Map<ConnectionOption, String> options,
            List<ServerAddress> servers,
            PassFile passFile,
            ConnectionEnvironment environment) {
        this.options = Map.copyOf(options);
        this.servers = List.copyOf(servers);
        this.passFile = passFile;
        this.environment = environment;
    }

    /**
     * Works out where and how to connect.
     *
     * @param text a URI ({@code postgresql://...}), a list of {@code keyword=value}, or the empty string
     * @throws InvalidConnectionSettingsException if the text or what it leads to cannot be followed
     */
    public static ConnectionSettings resolve(String text, ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        return resolve(new ConnectionString(text), environment);
    }

    /**
     * Works out where and how to connect.
     *
     * @throws InvalidConnectionSettingsException if the string or what it leads to cannot be followed
     */
    public static ConnectionSettings resolve(ConnectionString string, ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        return resolve(string, Map.of(), Map.of(), environment);
    }

    /**
     * Works out where and how to connect.
     *
     * @param below what counts where the string says nothing, before service files and variables
     * @param above what counts before the string
     * @throws InvalidConnectionSettingsException if the string or what it leads to cannot be followed
     */
    public static ConnectionSettings resolve(
            ConnectionString string,
            Map<ConnectionOption, String> below,
            Map<ConnectionOption, String> above,
            ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);
        options.putAll(string.options());
        options.putAll(above);
        below.forEach(options::putIfAbsent);
        addService(options, environment);
        addVariables(options, environment);
        OptionValues.check(options);
        List<ServerAddress> servers = ServerAddresses.of(options, environment);
        PassFile passFile = PassFile.EMPTY;
        if (options.getOrDefault(ConnectionOption.PASSWORD, "").isEmpty()) {
            String named = options.getOrDefault(ConnectionOption.PASSFILE, "");
            passFile = PassFile.read(named.isEmpty() ? environment.home().resolve(".pgpass") : Path.of(named));
        }
        return new ConnectionSettings(options, servers, passFile, environment);
    }

    private static void addService(Map<ConnectionOption, String> options, ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        Optional<String> service = explicitOrVariable(ConnectionOption.SERVICE, options, environment);
        if (service.isPresent()) {
            Optional<String> file = explicitOrVariable(ConnectionOption.SERVICEFILE, options, environment);
            ServiceFile.find(service.get(), file, environment).forEach(options::putIfAbsent);
        }
    }

    private static Optional<String> explicitOrVariable(
            ConnectionOption option, Map<ConnectionOption, String> options, ConnectionEnvironment environment) {
        return Optional.ofNullable(options.get(option))
                .or(() -> option.variable().flatMap(environment::variable));
    }

    private static void addVariables(Map<ConnectionOption, String> options, ConnectionEnvironment environment) {
        for (ConnectionOption option : ConnectionOption.values()) {
            option.variable().flatMap(environment::variable).ifPresent(value -> options.putIfAbsent(option, value));
        }
    }

    /** The servers to try, in this order, one at least. */
    public List<ServerAddress> servers() {
        return servers;
    }

    /** The user to enter the server as. */
    public String user() {
        return option(ConnectionOption.USER).orElse(environment.user());
    }

    /** The database to enter. */
    public String database() {
        return option(ConnectionOption.DBNAME).orElseGet(this::user);
    }

    /** The same way to another database of the same servers. */
    public ConnectionSettings withDatabase(String database) {
        return with(ConnectionOption.DBNAME, database);
    }

    /** The same, with a password that counts for every server. */
    public ConnectionSettings withPassword(Password password) {
        return with(ConnectionOption.PASSWORD, password.value());
    }

    /** The same, with one option set, or replaced; not one that says where the servers are. */
    public ConnectionSettings withOption(ConnectionOption option, String value)
            throws InvalidConnectionSettingsException {
        ConnectionSettings changed = with(option, value);
        OptionValues.check(changed.options);
        return changed;
    }

    /** What the variables {@code PGDATESTYLE}, {@code PGTZ} and {@code PGGEQO} ask of a session, by parameter. */
    public Map<String, String> sessionParameters() {
        Map<String, String> parameters = new TreeMap<>();
        environment.variable("PGDATESTYLE").ifPresent(value -> parameters.put("datestyle", value));
        environment.variable("PGTZ").ifPresent(value -> parameters.put("timezone", value));
        environment.variable("PGGEQO").ifPresent(value -> parameters.put("geqo", value));
        return parameters;
    }

    /** The same, with the name by which {@code pg_stat_activity} shows the session, unless the settings say another. */
    public ConnectionSettings withApplicationNameIfNone(String name) {
        return option(ConnectionOption.APPLICATION_NAME).isPresent()
                ? this
                : with(ConnectionOption.FALLBACK_APPLICATION_NAME, name);
    }

    /** The name by which {@code pg_stat_activity} shows the session. */
    public String applicationName() {
        return option(ConnectionOption.APPLICATION_NAME)
                .or(() -> option(ConnectionOption.FALLBACK_APPLICATION_NAME))
                .orElse("pgark");
    }

    /** How long to wait for the server at each step of entering; zero for ever. */
    public Duration connectTimeout() {
        return option(ConnectionOption.CONNECT_TIMEOUT)
                .map(seconds -> Duration.ofSeconds(Math.max(0, Integer.parseInt(seconds.strip()))))
                .orElse(DEFAULT_TIMEOUT);
    }

    /** The password for one of the servers, if there is one. */
    public Optional<Password> password(ServerAddress server) {
        return option(ConnectionOption.PASSWORD).map(Password::new).or(() -> passwordOfFile(server));
    }

    private Optional<Password> passwordOfFile(ServerAddress server) {
        return switch (server) {
            case ServerAddress.Tcp tcp -> passFile.find(tcp.host(), tcp.port(), database(), user());
            case ServerAddress.UnixSocket socket ->
                passFile.find(
                        environment.socketFolders().contains(socket.folder())
                                ? "localhost"
                                : socket.folder().toString(),
                        socket.port(),
                        database(),
                        user());
        };
    }

    /** Every option that is set and not empty, in the order of the options; a password is among them if it is set. */
    public Map<ConnectionOption, String> given() {
        Map<ConnectionOption, String> given = new EnumMap<>(ConnectionOption.class);
        options.forEach((option, value) -> {
            if (!value.isEmpty()) {
                given.put(option, value);
            }
        });
        return given;
    }

    /** A value that is set and not empty. */
    public Optional<String> option(ConnectionOption option) {
        return Optional.ofNullable(options.get(option)).filter(value -> !value.isEmpty());
    }

    /** The folder with the certificates that libpq takes when none are named. */
    public Path certificateFolder() {
        return environment.home().resolve(".postgresql");
    }

    private ConnectionSettings with(ConnectionOption option, String value) {
        Map<ConnectionOption, String> changed = new EnumMap<>(ConnectionOption.class);
        changed.putAll(options);
        changed.put(option, value);
        return new ConnectionSettings(changed, servers, passFile, environment);
    }

    /** Who goes where, without any password. */
    @Override
    public String toString() {
        List<String> places = new ArrayList<>();
        servers.forEach(server -> places.add(server.description()));
        return String.join("; ", places) + " (user \"" + user() + "\", database \"" + database() + "\")";
    }
}
