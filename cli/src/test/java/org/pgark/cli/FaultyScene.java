package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Proxy;
import org.pgark.testkit.TestCluster;
import tools.jackson.databind.JsonNode;

/**
 * A cluster, and its repository in a bucket that commands reach through faults, or beside them. There may be another
 * repository, "far", that nothing befalls.
 */
final class FaultyScene implements AutoCloseable {
    private static final int MAJOR = 18;
    private static final String CONTENT = "select count(*) || ' ' || sum(hashtext(t.*::text)::bigint) from item t";

    private final Path folder;
    private final Path healthy;
    private final boolean several;
    private final TestCluster cluster;
    private final S3Proxy service;
    private final FaultProxy proxy;
    private final PushedWal pusher;

    /**
     * What a backup must bring back.
     *
     * @param files as they were on disk
     * @param content of the table
     */
    record Taken(ClusterFiles files, String content) {}

    private FaultyScene(Path folder, boolean several, TestCluster cluster, S3Proxy service, FaultProxy proxy)
            throws Exception {
        this.folder = folder;
        this.several = several;
        this.healthy = Files.createDirectory(folder.resolve("healthy"));
        this.cluster = cluster;
        this.service = service;
        this.proxy = proxy;
        Files.writeString(folder.resolve("secret"), S3Proxy.SECRET_KEY + "\n");
        configure(folder, proxy.port());
        configure(healthy, service.port());
        assertThat(beside(
                                "init",
                                "--cluster",
                                "main",
                                "--pgdata",
                                cluster.dataDirectory().toString())
                        .exitCode())
                .isZero();
        pusher = new PushedWal(folder, folder.resolve("wal"), true);
    }

    /**
     * Starts everything.
     *
     * @param rows of 64 random hexadecimal digits, which the cluster's table holds; 100,000 make objects of several parts
     */
    static FaultyScene start(Path folder, int rows) throws Exception {
        return start(folder, rows, false);
    }

    /** Likewise; each backup is in the other repository, too. */
    static FaultyScene withAnother(Path folder, int rows) throws Exception {
        return start(folder, rows, true);
    }

    private static FaultyScene start(Path folder, int rows, boolean several) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = PushedWal.folder(folder.resolve("wal"));
        // What is on disk must not change between backup and comparison.
        TestCluster cluster = TestCluster.of(MAJOR)
                .walSegmentMegabytes(1)
                .archiveCommand(PushedWal.command(wal))
                .with("autovacuum", "off")
                .with("bgwriter_lru_maxpages", "0")
                .with("checkpoint_timeout", "1h")
                .with("max_wal_size", "1GB")
                .started();
        cluster.execute("create table item as select i, md5(random()::text) || md5(random()::text) t"
                + " from generate_series(1, " + rows + ") i");
        S3Proxy service = S3Proxy.start(folder.resolve("service"), "bucket");
        return new FaultyScene(folder, several, cluster, service, FaultProxy.start(service.port()));
    }

    private void configure(Path place, int port) throws IOException, SQLException {
        ServerConfiguration.write(
                place,
                cluster,
                """
            [repository.main]
            url = "s3://bucket/prefix"
            endpoint = "http://127.0.0.1:%d"
            path-style = true
            access-key-id = "%s"
            secret-access-key-file = "%s/secret"
            part-size = "5MiB"
            [repository.far]
            url = "file:%s/far"
            """.formatted(port, S3Proxy.ACCESS_KEY, folder, folder),
                "repository = [" + (several ? "\"main\", \"far\"" : "\"main\"") + "]\n");
    }

    /** Changes some pages, sometimes many, and which relations there are. */
    void change(Random random) throws SQLException {
        int some = random.nextInt(10) == 0 ? 5 : 500 + random.nextInt(2000);
        cluster.execute(
                "update item set t = md5(random()::text) || md5(t) where i % " + some + " = " + random.nextInt(some));
        String name = "other_" + random.nextInt(4);
        cluster.execute("drop table if exists " + name);
        if (random.nextBoolean()) {
            cluster.execute("create table " + name + " as select i, repeat('x', i % 50) t from generate_series(1, "
                    + (1 + random.nextInt(3000)) + ") i");
        }
    }

    void strike(FaultPlan plan, long seed) {
        plan.strike(proxy, seed);
    }

    /** After some requests so many are answered by a status; 0 resets connections. */
    void lose(int passed, int status, int requests) {
        proxy.answerAfter(passed, status, requests);
    }

    void calm() {
        proxy.calm();
    }

    /** How many requests a command sends when nothing befalls it. */
    int requestsOf(String... words) {
        int before = proxy.requests();
        throughFaults(words).mustEndWith(0);
        return proxy.requests() - before;
    }

    int struck() {
        return proxy.struck();
    }

    CommandResult throughFaults(String... words) {
        return CommandResult.of(folder, words);
    }

    private CommandResult beside(String... words) {
        return CommandResult.of(healthy, words);
    }

    /** What is there when it is looked for again is no damage. */
    void verifyBeside() {
        beside("verify", "--all").mustEndWith(0);
    }

    Taken asItIs() throws IOException, SQLException {
        ClusterFiles files = ClusterFiles.of(cluster.dataDirectory());
        return new Taken(files, cluster.query(CONTENT));
    }

    /** The backups that are listed. */
    List<String> listed() {
        List<String> ids = new ArrayList<>();
        backups().forEach(backup -> ids.add(backup.get("id").asString()));
        return ids;
    }

    private JsonNode backups() {
        return beside("list", "--json").mustEndWith(0).json().at("/clusters/0/backups");
    }

    /** Restores a backup and compares it. */
    void restore(String id, Taken expected, boolean started) throws Exception {
        Path target = folder.resolve("restored");
        beside("restore", "--backup", id, "--immediate", "--hold-wal", "0", "--to", target.toString())
                .mustEndWith(0);
        judge(id, target, expected, started);
    }

    /** Compares what was restored, and removes it. */
    void judge(String id, Path target, Taken expected, boolean started) throws Exception {
        assertThat(ClusterFiles.of(target)).as("files of " + id).isEqualTo(expected.files());
        if (started) {
            bringWal(id, target.resolve("pg_wal"));
            Files.writeString(
                    target.resolve("postgresql.auto.conf"),
                    "\nrestore_command = 'false'\narchive_mode = off\n",
                    StandardOpenOption.APPEND);
            try (TestCluster restored = TestCluster.existing(MAJOR, target)) {
                restored.start();
                restored.cluster().awaitPrimary(Cluster.PATIENCE);
                assertThat(restored.query(CONTENT)).isEqualTo(expected.content());
            }
        }
        FileTree.delete(target);
    }

    private void bringWal(String id, Path wal) {
        for (JsonNode backup : backups()) {
            if (backup.get("id").asString().equals(id)) {
                long first = number(backup.get("wal_first").asString());
                long last = number(backup.get("wal_last").asString());
                for (long number = first; number <= last; number++) {
                    String name = String.format("%08X%08X%08X", 1, number >>> 12, number & 0xfff);
                    beside("wal", "get", name, wal.resolve(name).toString()).mustEndWith(0);
                }
            }
        }
    }

    /** The number of a segment of 1 MiB on timeline 1. */
    private static long number(String segment) {
        return (Long.parseLong(segment.substring(8, 16), 16) << 12) + Long.parseLong(segment.substring(16), 16);
    }

    @Override
    public void close() throws IOException, SQLException {
        proxy.calm();
        pusher.close();
        cluster.close();
        proxy.close();
        service.close();
    }
}
