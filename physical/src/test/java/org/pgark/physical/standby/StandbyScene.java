package org.pgark.physical.standby;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.basebackup.TablespaceMappings;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;

/** A primary, and a place for one standby, whose server runs as the primary's does. */
final class StandbyScene implements AutoCloseable, StandbyListener {
    final TestCluster primary;
    final Path folder;
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final int port;

    StandbyScene(TestCluster primary) throws IOException {
        this.primary = primary;
        this.folder = Files.createTempDirectory(Path.of("/tmp"), "pgark-standby-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    Path directory() {
        return folder.resolve("data");
    }

    int port() {
        return port;
    }

    StandbyRequest request() throws IOException {
        return request("user=postgres", Map.of());
    }

    /** @param more settings of the standby beside those that keep it apart from the primary */
    StandbyRequest request(String connection, Map<String, String> more) throws IOException {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "port",
                Integer.toString(port),
                "listen_addresses",
                "127.0.0.1",
                "unix_socket_directories",
                primary.socketDirectory().toString()));
        settings.putAll(more);
        return new StandbyRequest(
                directory(),
                ConnectionSettings.resolve(
                        "host=127.0.0.1 port=" + primary.port() + " dbname=replication " + connection,
                        ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "postgres")),
                Optional.of("standby"),
                settings,
                Optional.of(new StandbyRequest.Start(
                        Optional.of(primary.cluster().installation().bin()),
                        "",
                        primary.cluster().user().command(List.of()),
                        Duration.ofSeconds(60))));
    }

    StandbyCreation creation(StandbyRequest request) {
        return new StandbyCreation(
                request, new BaseBackupFiles(new TablespaceMappings(), true, 0, ProgressListener.SILENT), this);
    }

    /** Runs pg_ctl on the standby. */
    void control(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                primary.cluster().installation().program("pg_ctl").toString(),
                "-D",
                directory().toString()));
        command.addAll(List.of(words));
        ProgramOutcome outcome = ProgramOutcome.of(primary.cluster().user().command(command));
        if (outcome.exitStatus() != 0) {
            throw new IOException(outcome.output() + outcome.errors());
        }
    }

    /** The first value of the first row that the standby answers. */
    String query(String question) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
                Statement statement = connection.createStatement()) {
            boolean hasRows = statement.execute(question);
            if (!hasRows) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }
    }

    String slots() throws SQLException {
        return primary.query("select coalesce(string_agg(slot_name, ','), '') from pg_replication_slots");
    }

    @Override
    public void line(String text) {
        lines.add(text);
    }

    @Override
    public void warning(String text) {
        lines.add("warning: " + text);
    }

    @Override
    public void close() throws IOException, SQLException {
        try {
            if (Files.exists(directory().resolve("postmaster.pid"))) {
                control("stop", "-m", "immediate", "-s");
            }
        } finally {
            FileTree.delete(folder);
        }
    }
}
