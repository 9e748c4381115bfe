package org.pgark.testkit;

import java.io.IOException;
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
import java.util.Objects;
import java.util.Optional;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ClusterOptions;
import org.pgark.embedded.EmbeddedServers;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.Installation;
import org.pgark.embedded.StopMode;

/**
 * A real cluster for one test, in a folder of its own that is removed with it.
 *
 * <pre>{@code
 * try (TestCluster cluster = TestCluster.of(15).walSegmentMegabytes(1).started()) {
 *     cluster.execute("create table account (id bigint)");
 * }
 * }</pre>
 */
public final class TestCluster implements AutoCloseable {
    private final Cluster cluster;
    private final Path home;
    private Optional<Connection> session = Optional.empty();

    private TestCluster(Cluster cluster, Path home) {
        this.cluster = cluster;
        this.home = home;
    }

    /** Begins to describe a cluster of this major version. */
    public static Builder of(int major) {
        return new Builder(major);
    }

    /** A data directory that is there already, for example restored; closing leaves it where it is. */
    public static TestCluster existing(int major, Path dataDirectory) throws IOException {
        Path home = newHome();
        Installation installation = EmbeddedServers.ofThisBuild().installation(major);
        return new TestCluster(Cluster.existing(installation, dataDirectory, home.resolve("server.log")), home);
    }

    /** The cluster itself: start, stop, kill, ports and paths. */
    public Cluster cluster() {
        return cluster;
    }

    /** The folder of this cluster, which holds the data directory, the log and the tablespaces. */
    public Path home() {
        return home;
    }

    /** The data directory, absolute. */
    public Path dataDirectory() {
        return cluster.dataDirectory();
    }

    /** The folder of the Unix socket. */
    public Path socketDirectory() {
        return cluster.socketDirectory();
    }

    /** The TCP port. */
    public int port() {
        return cluster.port();
    }

    /** Starts the server and waits until it accepts connections. */
    public void start() throws IOException {
        cluster.start();
    }

    /** Stops the server. */
    public void stop(StopMode mode) throws IOException, SQLException {
        forgetSession();
        cluster.stop(mode);
    }

    /** Kills the whole server by SIGKILL. */
    public void kill() throws IOException, SQLException {
        cluster.kill();
        forgetSession();
    }

    /** Stops the server with a checkpoint and starts it again. */
    public void restart() throws IOException, SQLException {
        forgetSession();
        cluster.restart();
    }

    /** Changes settings that need no restart, and waits until the sessions to come see them. */
    public void reconfigure(Map<String, String> settings) throws IOException, SQLException {
        cluster.configure(settings);
        String before = query("select pg_conf_load_time()::text");
        cluster.reload();
        Waiting.until("the server has read its configuration", () -> {
            try (Connection fresh = cluster.connect();
                    Statement statement = fresh.createStatement();
                    ResultSet answer = statement.executeQuery("select pg_conf_load_time()::text")) {
                return answer.next() && !answer.getString(1).equals(before);
            }
        });
    }

    /** The session that this object keeps in the database {@code postgres}, opened when first asked for. */
    public Connection jdbc() throws SQLException {
        if (session.isEmpty() || session.get().isClosed() || !session.get().isValid(5)) {
            session = Optional.of(cluster.connect());
        }
        return session.get();
    }

    /** Runs one or more statements. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = jdbc().createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * The first column of the only row, as text; an SQL NULL is the empty text.
     *
     * @throws SQLException if there is not exactly one row
     */
    public String query(String sql) throws SQLException {
        List<String> rows = queryAll(sql);
        if (rows.size() != 1) {
            throw new SQLException("expected one row but got " + rows.size() + " from: " + sql);
        }
        return rows.getFirst();
    }

    /** The first column of every row, as text; an SQL NULL is the empty text. */
    public List<String> queryAll(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = jdbc().createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                rows.add(Objects.requireNonNullElse(answer.getString(1), ""));
            }
        }
        return rows;
    }

    /**
     * Writes a little WAL and switches to the next segment.
     *
     * @return the name of the segment that was closed
     */
    public String switchWal() throws SQLException {
        execute("select pg_create_restore_point('switch')");
        String segment = query("select pg_walfile_name(pg_current_wal_insert_lsn())");
        execute("select pg_switch_wal()");
        return segment;
    }

    /**
     * Makes a tablespace in a folder of its own.
     *
     * @return that folder
     */
    public Path tablespace(String name) throws IOException, SQLException {
        Path folder = home.resolve("tablespaces").resolve(name);
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        cluster.user().own(folder);
        execute("create tablespace \"" + name + "\" location '" + folder + "'");
        return folder;
    }

    /** Begins to describe a standby that streams from this running cluster. */
    public StandbyBuilder standby() {
        return new StandbyBuilder(this);
    }

    /**
     * Copies this running cluster, without its WAL, by PostgreSQL's own backup functions: what a recovery with
     * {@code restore_command} can begin with.
     *
     * @param settings lines for the copy's postgresql.conf
     * @param signal {@code recovery.signal} or {@code standby.signal}
     * @return the copy, whose server does not run yet
     */
    public TestCluster baseCopy(Map<String, String> settings, String signal) throws IOException, SQLException {
        Path home = newHome();
        Path data = Files.createDirectory(home.resolve("data"));
        BaseCopy.take(cluster, data, home.resolve("tablespaces"));
        cluster.user().own(Files.createFile(data.resolve(signal)));
        Cluster copy = Cluster.existing(cluster.installation(), data, home.resolve("server.log"));
        copy.configure(settings);
        return new TestCluster(copy, home);
    }

    /**
     * Copies the files of this cluster, whose server does not run, to a folder of their own. Tablespaces stay shared.
     *
     * @param settings more lines for the copy's postgresql.conf
     */
    public TestCluster copied(Map<String, String> settings) throws IOException {
        Path home = newHome();
        Path data = home.resolve("data");
        FileTree.copy(cluster.dataDirectory(), data, path -> true);
        Cluster copy = Cluster.existing(cluster.installation(), data, home.resolve("server.log"));
        copy.configure(settings);
        return new TestCluster(copy, home);
    }

    /** Stops the server and removes the folder of the cluster. */
    @Override
    public void close() throws IOException, SQLException {
        forgetSession();
        try {
            cluster.close();
        } finally {
            FileTree.delete(home);
        }
    }

    private void forgetSession() throws SQLException {
        if (session.isPresent()) {
            session.get().close();
            session = Optional.empty();
        }
    }

    /** Open to everybody, unlike a test's own folder, which is often closed to the account of the server. */
    static Path newHome() throws IOException {
        Path home = Files.createTempDirectory("pgark-cluster-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    /** Describes a cluster before it is made. */
    public static final class Builder {
        private final int major;
        private final List<String> tablespaces = new ArrayList<>();
        private Optional<Installation> installation = Optional.empty();
        private ClusterOptions options = ClusterOptions.DEFAULT;

        private Builder(int major) {
            this.major = major;
        }

        /** Uses these programs instead of the embedded ones. */
        public Builder installation(Installation other) {
            installation = Optional.of(other);
            return this;
        }

        /** Page checksums on (as unless said otherwise) or off. */
        public Builder checksums(boolean on) {
            options = options.withChecksums(on);
            return this;
        }

        /** The size of WAL segments in MiB. */
        public Builder walSegmentMegabytes(int megabytes) {
            options = options.withWalSegmentMegabytes(megabytes);
            return this;
        }

        /** A line of postgresql.conf. */
        public Builder with(String setting, String value) {
            options = options.with(setting, value);
            return this;
        }

        /** Archives WAL by this command. */
        public Builder archiveCommand(String command) {
            return with("archive_mode", "on").with("archive_command", command);
        }

        /** A tablespace, in a folder of its own, made when the server is first started by {@link #started()}. */
        public Builder tablespace(String name) {
            tablespaces.add(name);
            return this;
        }

        /** Makes the cluster; the server does not run yet. */
        public TestCluster created() throws IOException {
            Installation programs = installation.isPresent()
                    ? installation.get()
                    : EmbeddedServers.ofThisBuild().installation(major);
            Path home = newHome();
            return new TestCluster(ClusterTemplates.create(programs, home, options), home);
        }

        /** Makes the cluster, starts its server, makes the tablespaces. */
        public TestCluster started() throws IOException, SQLException {
            TestCluster made = created();
            try {
                made.start();
                for (String tablespace : tablespaces) {
                    made.tablespace(tablespace);
                }
            } catch (IOException | SQLException | RuntimeException e) {
                made.close();
                throw e;
            }
            return made;
        }
    }
}
