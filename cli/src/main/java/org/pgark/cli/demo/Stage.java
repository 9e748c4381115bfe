package org.pgark.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ClusterOptions;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.Installation;
import org.pgark.embedded.SampleDatabase;
import org.pgark.embedded.StopMode;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.embedded.ledger.LedgerVerdict;

/** The demo's server, its shop and its ledger: what happens to the cluster apart from pgark's commands. */
final class Stage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TELLERS = 4;
    private static final String LEDGER = "tellers";

    private final Installation installation;
    private final Path folder;
    private final Path tablespace;
    private final String password;
    private Cluster cluster;
    private @Nullable Ledger ledger;
    private boolean kept;

    private Stage(Installation installation, Path folder, Cluster cluster, String password) {
        this.password = password;
        this.installation = installation;
        this.folder = folder;
        this.tablespace = folder.resolve("tablespace");
        this.cluster = cluster;
    }

    static Stage set(Installation installation, Path folder, Optional<Integer> port) throws IOException {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        ClusterOptions options = ClusterOptions.DEFAULT
                .with("max_wal_size", "1GB")
                .with("shared_buffers", "128MB")
                .withPassword(password);
        Path home = Files.createDirectory(folder.resolve("server"));
        Cluster cluster = port.isPresent()
                ? Cluster.create(installation, home, options, port.get())
                : Cluster.create(installation, home, options);
        return new Stage(installation, folder, cluster, password);
    }

    String version() {
        return installation.version();
    }

    Path dataDirectory() {
        return cluster.dataDirectory();
    }

    boolean hasDataDirectory() {
        return Files.exists(dataDirectory().resolve("global"));
    }

    String connectionText() {
        return "host=" + cluster.socketDirectory() + " port=" + cluster.port() + " user=postgres dbname=postgres";
    }

    void start() throws IOException {
        cluster.start();
    }

    void restart() throws IOException {
        cluster.restart();
    }

    void loadShop(int megabytes) throws IOException, SQLException {
        Files.createDirectory(tablespace);
        cluster.user().own(tablespace);
        execute("CREATE TABLESPACE warehouse LOCATION '" + tablespace + "'");
        SampleDatabase.load(cluster::connect, megabytes, "warehouse");
    }

    long databaseSize() throws SQLException {
        return queryLong("SELECT pg_database_size(current_database())");
    }

    void startLedger(Path file) throws IOException, SQLException {
        ledger = Ledger.start(cluster::connect, LEDGER, TELLERS, Duration.ofMillis(2), file);
    }

    int commits() {
        return ledger().book().commits();
    }

    void awaitCommits(int more) throws IOException {
        ledger().awaitCommits(more, PATIENCE);
    }

    LedgerMark mark() throws IOException, SQLException {
        return ledger().mark();
    }

    void stopLedger() throws IOException {
        ledger().stop();
    }

    void switchWal() throws SQLException {
        execute("SELECT pg_switch_wal()");
    }

    void commitDisaster() throws SQLException {
        execute("BEGIN; DROP TABLE shop.order_line; UPDATE shop.customer SET name = 'oops'; COMMIT");
    }

    /** Switches WAL and waits until the archiver has taken everything. */
    void archiveEverything() throws SQLException, InterruptedException {
        execute("SELECT pg_create_restore_point('the end')");
        String last = queryText("SELECT pg_walfile_name(pg_switch_wal())");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (queryText("SELECT coalesce(max(last_archived_wal), '') FROM pg_stat_archiver")
                        .compareTo(last)
                < 0) {
            if (System.nanoTime() > deadline) {
                throw new SQLException("segment " + last + " was not archived within " + PATIENCE.toSeconds() + " s; "
                        + queryText("SELECT pg_stat_archiver::text FROM pg_stat_archiver"));
            }
            Thread.sleep(50);
        }
    }

    void kill() throws IOException {
        cluster.kill();
    }

    void removeFiles() throws IOException {
        FileTree.delete(dataDirectory());
        FileTree.delete(tablespace);
    }

    /** Removes the segment that holds the position just before the mark, and returns its name. */
    String removeSegmentBefore(LedgerMark mark) throws IOException {
        String wanted = String.format(
                java.util.Locale.ROOT,
                "%08X%08X",
                mark.position().value() >>> 32,
                (mark.position().value() & 0xFFFF_FFFFL) / (16 << 20));
        try (var files = Files.walk(folder.resolve("repository"))) {
            List<Path> found = files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("[0-9A-F]{8}" + wanted))
                    .toList();
            if (found.size() != 1) {
                throw new IOException("segment " + wanted + " was found " + found.size() + " times in the repository");
            }
            Files.delete(found.getFirst());
            return found.getFirst().getFileName().toString();
        }
    }

    void startRestored() throws IOException, SQLException {
        cluster = Cluster.existing(
                installation, dataDirectory(), folder.resolve("restored.log"), cluster.port(), password);
        cluster.start();
        cluster.awaitPrimary(PATIENCE);
    }

    LedgerVerdict judge(LedgerMark mark) throws SQLException {
        try (Connection connection = cluster.connect()) {
            return ledger().judge(connection, new LedgerTarget.AtTime(mark.time(), true));
        }
    }

    boolean shopIsWhole() throws SQLException {
        return queryLong("SELECT count(*) FROM shop.order_line") > 0
                && queryLong("SELECT count(*) FROM shop.customer WHERE name = 'oops'") == 0;
    }

    /** Lets the server run on after the demo. */
    void keep() {
        kept = true;
        cluster.leaveRunning();
    }

    private Ledger ledger() {
        return java.util.Objects.requireNonNull(ledger, "ledger is null");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long queryLong(String sql) throws SQLException {
        return Long.parseLong(queryText(sql));
    }

    private String queryText(String sql) throws SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        if (ledger != null) {
            ledger.close();
        }
        if (!kept && cluster.running()) {
            cluster.stop(StopMode.IMMEDIATE);
        }
    }
}
