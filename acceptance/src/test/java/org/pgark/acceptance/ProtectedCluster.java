package org.pgark.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.EmbeddedServers;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.ProcessTree;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real cluster with archiving on and a repository of its own, and the installed pgark to run commands about it. */
final class ProtectedCluster implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int major;
    private final TestCluster cluster;
    private final Path folder;
    private final Path repository;
    private final List<Cluster> restored = new ArrayList<>();
    private final AtomicInteger restores = new AtomicInteger();

    private ProtectedCluster(int major, TestCluster cluster, Path folder, Path repository) {
        this.major = major;
        this.cluster = cluster;
        this.folder = folder;
        this.repository = repository;
    }

    /** The path of a program of the installed pgark. */
    static String program(String name) {
        return Path.of(System.getProperty("pgark.home"), "bin", name).toString();
    }

    /** A running cluster that was made known by {@code init --apply} and restarted. */
    static ProtectedCluster started(TestCluster.Builder builder, int major) throws IOException, SQLException {
        Path folder = newFolder();
        return started(builder, major, folder, folder.resolve("repository"));
    }

    /** The same with a repository at a place of the test's choice, which is left where it is. */
    static ProtectedCluster started(TestCluster.Builder builder, int major, Path repository)
            throws IOException, SQLException {
        return started(builder, major, newFolder(), repository);
    }

    private static ProtectedCluster started(TestCluster.Builder builder, int major, Path folder, Path repository)
            throws IOException, SQLException {
        ProtectedCluster made = new ProtectedCluster(major, builder.started(), folder, repository);
        made.initialise();
        return made;
    }

    /** One whose repository is encrypted, with a key file that is made by {@code init}. */
    static ProtectedCluster encrypted(int major) throws IOException, SQLException {
        Path folder = newFolder();
        ProtectedCluster made =
                new ProtectedCluster(major, TestCluster.of(major).started(), folder, folder.resolve("repository"));
        made.initialise("--key-file", made.keyFile().toString());
        return made;
    }

    /**
     * One whose repository is wherever a table says.
     *
     * @param table that of repository "main" in the configuration
     * @param encrypted whether it is encrypted, with a key file that is made by {@code init}
     */
    static ProtectedCluster configured(int major, String table, boolean encrypted) throws IOException, SQLException {
        Path folder = newFolder();
        ProtectedCluster made =
                new ProtectedCluster(major, TestCluster.of(major).started(), folder, folder.resolve("none"));
        String keys = "";
        if (encrypted) {
            made.pgark("key", "create", made.keyFile().toString()).mustSucceed();
            keys = "encryption = \"required\"\nkey-file = \"" + made.keyFile() + "\"\n";
        }
        Files.writeString(
                made.configuration(),
                """
                [cluster.main]
                pgdata = "%s"
                connection = "%s"
                repository = "main"

                """.formatted(
                                        made.cluster.dataDirectory(),
                                        connection(made.cluster.socketDirectory(), made.cluster.port()))
                        + table.stripTrailing()
                        + "\n"
                        + keys);
        Files.setPosixFilePermissions(made.configuration(), PosixFilePermissions.fromString("rw-r-----"));
        List<String> words = new ArrayList<>(List.of(
                "init",
                "--cluster",
                "main",
                "--pgdata",
                made.cluster.dataDirectory().toString(),
                "--connection",
                connection(made.cluster.socketDirectory(), made.cluster.port()),
                "--apply"));
        made.pgark(words.toArray(String[]::new)).mustSucceed();
        made.cluster.restart();
        return made;
    }

    /** The file that pgark is configured by. */
    Path configuration() {
        return folder.resolve("pgark.toml");
    }

    /** The key of an encrypted repository. */
    Path keyFile() {
        return folder.resolve("main.key");
    }

    private static Path newFolder() throws IOException {
        return Files.createTempDirectory(Path.of("/tmp"), "pgark-acceptance-");
    }

    static ProtectedCluster started(int major) throws IOException, SQLException {
        return started(TestCluster.of(major), major);
    }

    private void initialise(String... options) throws IOException, SQLException {
        List<String> words = new ArrayList<>(List.of(
                "init",
                "--cluster",
                "main",
                "--pgdata",
                cluster.dataDirectory().toString(),
                "--repo",
                "file:" + repository(),
                "--connection",
                connection(cluster.socketDirectory(), cluster.port()),
                "--apply"));
        words.addAll(List.of(options));
        pgark(words.toArray(String[]::new)).mustSucceed();
        cluster.restart();
    }

    static String connection(Path socketDirectory, int port) {
        return "host=" + socketDirectory + " port=" + port + " user=postgres dbname=postgres";
    }

    int major() {
        return major;
    }

    TestCluster cluster() {
        return cluster;
    }

    Path folder() {
        return folder;
    }

    Path repository() {
        return repository;
    }

    Path spool() {
        return folder.resolve("spool/main");
    }

    /** What a command did. */
    record Run(String command, ProgramOutcome outcome) {
        int exitCode() {
            return outcome.exitStatus();
        }

        String output() {
            return outcome.output();
        }

        String errors() {
            return outcome.errors();
        }

        JsonNode json() {
            return JSON.readTree(outcome.output());
        }

        Run mustSucceed() throws IOException {
            return mustEndWith(0);
        }

        Run mustEndWith(int exitCode) throws IOException {
            if (exitCode() != exitCode) {
                throw new IOException(command + " ended with " + exitCode() + " instead of " + exitCode + "\n"
                        + outcome.output() + outcome.errors());
            }
            return this;
        }
    }

    /** Runs a command of pgark to its end. */
    Run pgark(String... words) throws IOException {
        ProcessBuilder builder = builder(words);
        return new Run("pgark " + String.join(" ", words), ProgramOutcome.of(builder));
    }

    /** Starts a command of pgark and lets it run. */
    RunningCommand start(String... words) throws IOException {
        return RunningCommand.start(folder, builder(words));
    }

    /** A command of pgark, to be started by the caller. */
    ProcessBuilder builder(String... words) {
        List<String> line = new ArrayList<>(List.of(program("pgark")));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(environment());
        return builder;
    }

    Map<String, String> environment() {
        return Map.of(
                "PGARK_CONFIG", folder.resolve("pgark.toml").toString(),
                "PGARK_SPOOL", folder.resolve("spool").toString(),
                "XDG_STATE_HOME", folder.resolve("state").toString());
    }

    /** The ids of the backups that are listed, oldest first. */
    List<String> backups() throws IOException {
        List<String> ids = new ArrayList<>();
        for (JsonNode backup : pgark("list", "--json").mustSucceed().json().at("/clusters/0/backups")) {
            ids.add(backup.get("id").asString());
        }
        return ids;
    }

    /** Closes the current segment and waits until the archive has it. */
    String archiveEverything() throws IOException, SQLException {
        cluster.query("SELECT pg_create_restore_point('everything')");
        String segment = cluster.switchWal();
        Waiting.until(
                "segment " + segment + " is archived", () -> archived(segment).isPresent());
        return segment;
    }

    /** The object that holds a segment. */
    Optional<Path> archived(String segment) throws IOException {
        try (var files = Files.walk(repository())) {
            return files.filter(file -> file.getFileName().toString().equals(segment))
                    .findFirst();
        }
    }

    /** Lets nothing more get into the archive until what is returned is closed: the worker stands still. */
    ProcessTree holdArchiving() throws IOException, SQLException {
        archiveEverything();
        return ProcessTree.frozen(worker().orElseThrow());
    }

    /** Waits until the server has forgotten every session of pgark. */
    void awaitNoSessions() throws IOException {
        Waiting.until(
                "the server has no session of pgark",
                Cluster.PATIENCE,
                () -> cluster.query("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgark%'")
                        .equals("0"));
    }

    /** A folder that does not exist yet, for a restore. */
    Path place(String name) {
        return folder.resolve(name);
    }

    /** Starts a server on a restored directory and waits until it takes writes. */
    Cluster startRestored(Path directory) throws IOException, SQLException {
        Cluster server = launchRestored(directory);
        server.start();
        server.awaitPrimary(Cluster.PATIENCE);
        return server;
    }

    /** Restores to a new folder with these options, starts the server there and waits until it takes writes. */
    Cluster restored(String... options) throws IOException, SQLException {
        return startRestored(restore(options));
    }

    /** Restores to a new folder with these options. */
    Path restore(String... options) throws IOException {
        Path place = place("restored-" + restores.incrementAndGet());
        List<String> words = new ArrayList<>(List.of("restore", "--cluster", "main", "--to", place.toString()));
        words.addAll(List.of(options));
        pgark(words.toArray(String[]::new)).mustSucceed();
        return place;
    }

    /** The first value of the first row that a server answers. */
    static String query(Cluster server, String question) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }

    /** A server on a restored directory, not started; it is stopped when this cluster is closed. */
    Cluster launchRestored(Path directory) throws IOException {
        Cluster server = Cluster.existing(
                EmbeddedServers.ofThisBuild().installation(major), directory, folder.resolve("restored.log"));
        restored.add(server);
        return server;
    }

    /** The process number of the archive worker, if one is there. */
    Optional<ProcessHandle> worker() throws IOException {
        Path file = spool().resolve("worker.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return text.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(text));
    }

    @Override
    public void close() throws IOException, SQLException {
        for (Cluster server : restored) {
            server.close();
        }
        cluster.close();
        worker().ifPresent(ProcessHandle::destroyForcibly);
        FileTree.delete(folder);
    }
}
