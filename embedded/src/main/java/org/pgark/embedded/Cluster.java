package org.pgark.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A data directory and the server on it: superuser {@code postgres}, reachable on 127.0.0.1 and by a
 * Unix socket. Closing it stops the server and leaves the data directory. Not safe for use by several threads, but for
 * {@link #connect()}.
 */
public final class Cluster implements AutoCloseable {
    /** How long a server may take to start, stop or promote where nothing else is said. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String SUPERUSER = "postgres";
    private static final int PORT_TRIES = 5;
    private static final long POLL_MILLIS = 15;

    private final Installation installation;
    private final ServerUser user;
    private final Path dataDirectory;
    private final Path socketDirectory;
    private final ServerLog log;
    private final Optional<Integer> fixedPort;
    private final String password;
    private int port;
    /** Where the log ended when the server was last launched. */
    private long launchOffset;

    private Optional<SharedMemory> leftover = Optional.empty();
    private Optional<ServerProcess> server = Optional.empty();

    private Cluster(
            Installation installation, Path dataDirectory, Path log, Optional<Integer> fixedPort, String password)
            throws IOException {
        this.installation = Objects.requireNonNull(installation, "installation is null");
        this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
        this.user = ServerUser.ofThisProcess();
        this.log = new ServerLog(log.toAbsolutePath());
        this.fixedPort = fixedPort;
        this.password = password;
        this.port = fixedPort.isPresent() ? fixedPort.get() : FreePort.find();
        // A socket's path may have 107 bytes, and folders of tests are often longer.
        this.socketDirectory = Files.createTempDirectory(Path.of("/tmp"), "pgark-");
        Files.setPosixFilePermissions(
                socketDirectory, PosixFilePermissions.fromString(password.isEmpty() ? "rwxr-xr-x" : "rwx------"));
        user.own(socketDirectory);
    }

    /**
     * Makes a new cluster in {@code home/data} with its log file {@code home/server.log}; the server is not started.
     *
     * @param home is made if it is not there
     */
    public static Cluster create(Installation installation, Path home, ClusterOptions options) throws IOException {
        return create(installation, home, options, Optional.empty());
    }

    /** Like {@link #create(Installation, Path, ClusterOptions)}, on this TCP port and no other. */
    public static Cluster create(Installation installation, Path home, ClusterOptions options, int port)
            throws IOException {
        return create(installation, home, options, Optional.of(port));
    }

    private static Cluster create(Installation installation, Path home, ClusterOptions options, Optional<Integer> port)
            throws IOException {
        Files.createDirectories(home);
        Path data = Files.createDirectory(
                home.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Cluster cluster = new Cluster(installation, data, home.resolve("server.log"), port, options.password());
        cluster.user.own(data);
        cluster.initialise(options);
        return cluster;
    }

    /**
     * A cluster whose data directory is there already, for example restored or copied; nothing in it is changed.
     *
     * @param log the file that the server's messages are appended to
     */
    public static Cluster existing(Installation installation, Path dataDirectory, Path log) throws IOException {
        return new Cluster(installation, dataDirectory, log, Optional.empty(), "");
    }

    /** Like {@link #existing(Installation, Path, Path)}, on this TCP port and no other. */
    public static Cluster existing(Installation installation, Path dataDirectory, Path log, int port)
            throws IOException {
        return existing(installation, dataDirectory, log, port, "");
    }

    /** Like {@link #existing(Installation, Path, Path, int)}, for a superuser with this password. */
    public static Cluster existing(Installation installation, Path dataDirectory, Path log, int port, String password)
            throws IOException {
        return new Cluster(installation, dataDirectory, log, Optional.of(port), password);
    }

    private void initialise(ClusterOptions options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                installation.program("initdb").toString(),
                "--pgdata=" + dataDirectory,
                "--username=" + SUPERUSER,
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--wal-segsize=" + options.walSegmentMegabytes()));
        if (options.checksums()) {
            command.add("--data-checksums");
        } else if (installation.major() >= 18) {
            command.add("--no-data-checksums");
        }
        initialise(command);
        configure(options.settings());
    }

    private void initialise(List<String> command) throws IOException {
        if (password.isEmpty()) {
            command.add("--auth=trust");
            ServerProgram.run(user.command(command));
            return;
        }
        Path file = Files.createTempFile("pgark-", ".password");
        try {
            Files.writeString(file, password);
            user.own(file);
            command.addAll(List.of("--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile=" + file));
            ServerProgram.run(user.command(command));
        } finally {
            Files.delete(file);
        }
    }

    /** Appends settings to postgresql.conf; they count from the next start or {@link #reload()}. */
    public void configure(Map<String, String> settings) throws IOException {
        ConfigurationFile.append(dataDirectory.resolve("postgresql.conf"), settings);
    }

    /** Starts the server and waits until it accepts connections. */
    public void start() throws IOException {
        start(PATIENCE);
    }

    /**
     * Starts the server and waits until it accepts connections, as a primary or as a hot standby.
     *
     * @throws ServerException with the end of the log if it stops or takes longer than {@code patience}
     */
    public void start(Duration patience) throws IOException {
        launch();
        for (int tries = 1; !awaitAnswer(patience); tries++) {
            if (tries == PORT_TRIES || !launchedOnAnotherPort()) {
                throw failure("did not accept connections: it ended with exit status " + lastExitStatus());
            }
        }
        leftover = Optional.empty();
    }

    /** Starts the server again if it ended because another process listened at its port, which may be any. */
    private boolean launchedOnAnotherPort() throws IOException {
        if (fixedPort.isPresent() || !log.since(launchOffset).contains("Address already in use")) {
            return false;
        }
        port = FreePort.find();
        launch();
        return true;
    }

    /** Starts the server without waiting for anything. */
    public void launch() throws IOException {
        if (running()) {
            throw new ServerException("the server of \"" + dataDirectory + "\" runs already");
        }
        launchOffset = log.size();
        server = Optional.of(ServerProcess.start(
                user.command(List.of(
                        installation.program("postgres").toString(),
                        "-D",
                        dataDirectory.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=" + socketDirectory)),
                dataDirectory,
                socketDirectory,
                log.file()));
    }

    /** Waits until the launched server accepts connections; false if it ended instead. */
    private boolean awaitAnswer(Duration patience) throws IOException {
        ServerProcess process = launched();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!process.ends(Duration.ofMillis(POLL_MILLIS))) {
            if (process.status().equals("ready")) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                throw failure("does not accept connections after " + patience.toSeconds() + " s");
            }
        }
        return false;
    }

    /** Waits until the server is out of recovery, however it gets there. */
    public void awaitPrimary(Duration patience) throws IOException, SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        if (!awaitAnswer(patience)) {
            throw failure("ended with exit status " + lastExitStatus());
        }
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            while (true) {
                try (var answer = statement.executeQuery("select pg_is_in_recovery()")) {
                    if (answer.next() && !answer.getBoolean(1)) {
                        return;
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw failure("is still in recovery after " + patience.toSeconds() + " s");
                }
                launched().ends(Duration.ofMillis(POLL_MILLIS));
            }
        }
    }

    /**
     * Waits until the server ends by itself; if another process listened at its port, it is started again on another.
     *
     * @param patience how long each start may take
     * @return its exit status
     */
    public int awaitEnd(Duration patience) throws IOException {
        for (int tries = 1; ; tries++) {
            if (!launched().ends(patience)) {
                throw failure("still runs after " + patience.toSeconds() + " s");
            }
            if (tries == PORT_TRIES || !launchedOnAnotherPort()) {
                return lastExitStatus();
            }
        }
    }

    /** Stops the server; one that does not run is fine. */
    public void stop(StopMode mode) throws IOException {
        if (!running()) {
            return;
        }
        ServerProcess process = launched();
        process.signal(mode.signal());
        if (!process.ends(PATIENCE)) {
            throw failure("did not stop within " + PATIENCE.toSeconds() + " s");
        }
    }

    /** Stops the server with a shutdown checkpoint and starts it again. */
    public void restart() throws IOException {
        stop(StopMode.FAST);
        start();
    }

    /** Kills the postmaster and everything that it started by SIGKILL, at one moment, and waits until all are gone. */
    public void kill() throws IOException {
        leftover = Optional.of(launched().kill());
    }

    /** Makes a standby the primary and waits until it is. */
    public void promote() throws IOException {
        ServerProgram.run(user.command(List.of(
                installation.program("pg_ctl").toString(),
                "promote",
                "--pgdata=" + dataDirectory,
                "--wait",
                "--timeout=" + PATIENCE.toSeconds())));
    }

    /** Makes the running server read its configuration files again. */
    public void reload() throws IOException {
        launched().signal("HUP");
    }

    /** Lets the server run on after this JVM; then this object is not closed. */
    public void leaveRunning() {
        server.ifPresent(ServerProcess::release);
    }

    /** Whether the postmaster lives. */
    public boolean running() {
        return server.isPresent() && server.get().alive();
    }

    /**
     * The postmaster.
     *
     * @throws ServerException if it was never started
     */
    public ProcessHandle postmaster() throws IOException {
        return launched().handle();
    }

    /** A new session of the superuser in the database {@code postgres}. */
    public Connection connect() throws SQLException {
        return connect("postgres");
    }

    /** A new session of the superuser. */
    public Connection connect(String database) throws SQLException {
        return password.isEmpty()
                ? DriverManager.getConnection(jdbcUrl(database))
                : DriverManager.getConnection(jdbcUrl(database), SUPERUSER, password);
    }

    /** The JDBC URL of a database, user included. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + SUPERUSER;
    }

    /** The programs that it runs. */
    public Installation installation() {
        return installation;
    }

    /** As whom its server runs. */
    public ServerUser user() {
        return user;
    }

    /** The data directory, absolute. */
    public Path dataDirectory() {
        return dataDirectory;
    }

    /** The folder of the Unix socket, short enough for one. */
    public Path socketDirectory() {
        return socketDirectory;
    }

    /** The TCP port on 127.0.0.1, which also names the Unix socket. */
    public int port() {
        return port;
    }

    /** The file that the server's messages are in. */
    public Path logFile() {
        return log.file();
    }

    /** The last lines that the server wrote. */
    public String logTail(int lines) throws IOException {
        return log.tail(lines);
    }

    /** Stops the server at once, without a checkpoint, and removes its socket folder; the data directory stays. */
    @Override
    public void close() throws IOException {
        try {
            stop(StopMode.IMMEDIATE);
        } finally {
            FileTree.delete(socketDirectory);
        }
        if (leftover.isPresent()) {
            leftover.get().remove();
        }
    }

    private ServerProcess launched() throws IOException {
        return server.orElseThrow(() -> new ServerException("the server of \"" + dataDirectory + "\" was not started"));
    }

    private int lastExitStatus() throws IOException {
        return launched().exitStatus();
    }

    private ServerException failure(String what) throws IOException {
        return new ServerException("the server of \"" + dataDirectory + "\" " + what, log.tail(20));
    }
}
