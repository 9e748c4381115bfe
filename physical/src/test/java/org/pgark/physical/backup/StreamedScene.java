package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pgark.physical.Said;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.repository.BackupRecord;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A server and a role of it that has the right to stream, and no other. */
final class StreamedScene {
    private final Said said = new Said();

    private static ConnectionSettings settings(TestCluster server) throws Exception {
        return ConnectionSettings.resolve(
                "host=127.0.0.1 port=" + server.port() + " user=streamer dbname=postgres",
                ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "streamer"));
    }

    /** What was said of all backups, in the order in which it was said. */
    List<String> said() {
        return said.all();
    }

    BackupOutcome backup(BackupFixture fixture, TestCluster server, UnaryOperator<BackupRequest> options)
            throws Exception {
        BackupRequest request = BackupRequest.of(Path.of("/"), "test").withJobs(2);
        return new StreamedBackup(options.apply(request), fixture.kept, settings(server), said, new Random()).run();
    }

    BackupRecord backup(BackupFixture fixture) throws Exception {
        return backup(fixture, fixture.cluster, request -> request).record();
    }

    static BackupFixture started(int major, Map<String, String> settings) throws Exception {
        BackupFixture fixture = BackupFixture.started(major, settings);
        fixture.cluster.execute("create role streamer login replication");
        return fixture;
    }

    static TestCluster restored(BackupFixture fixture, BackupRecord backup, int major, Path data) throws Exception {
        new UnpackedBackup(fixture.kept, backup).writeTo(data);
        Files.deleteIfExists(data.resolve("standby.signal"));
        Files.createFile(data.resolve("recovery.signal"));
        try (Stream<Path> files = Files.walk(data.getParent())) {
            for (Path file : files.toList()) {
                if (!Files.isSymbolicLink(file)) {
                    fixture.cluster.cluster().user().own(file);
                }
            }
        }
        TestCluster restored = TestCluster.existing(major, data);
        restored.cluster()
                .configure(Map.of(
                        "restore_command", "cp " + fixture.incoming + "/%f %p",
                        "archive_mode", "off",
                        "recovery_target_timeline", "current",
                        "primary_conninfo", ""));
        restored.start();
        restored.cluster().awaitPrimary(Duration.ofSeconds(60));
        return restored;
    }

    /** Files of the user's relations that are not the same in two backups, between which nothing was written. */
    static List<String> differing(BackupFixture fixture, BackupRecord one, BackupRecord other, Path folder)
            throws Exception {
        Path left = Files.createDirectory(folder.resolve("one")).resolve("data");
        Path right = Files.createDirectory(folder.resolve("other")).resolve("data");
        new UnpackedBackup(fixture.kept, one).writeTo(left);
        new UnpackedBackup(fixture.kept, other).writeTo(right);
        List<String> differing = new ArrayList<>();
        int compared = 0;
        for (String main : fixture.cluster
                .query("select string_agg(pg_relation_filepath(oid), ' ') from pg_class"
                        + " where oid >= 16384 and relpersistence = 'p' and relkind in ('r', 'i', 't', 'm')")
                .split(" ", -1)) {
            for (String fork : List.of("", "_vm", "_fsm")) {
                String path = main + fork;
                if (Files.exists(left.resolve(path)) != Files.exists(right.resolve(path))) {
                    differing.add(path);
                } else if (Files.exists(left.resolve(path))) {
                    compared++;
                    if (Files.mismatch(left.resolve(path), right.resolve(path)) >= 0) {
                        differing.add(path);
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(2);
        return differing;
    }

    static void archive(BackupFixture fixture) throws Exception {
        String segment = fixture.cluster.switchWal();
        Waiting.until("segment " + segment + " is archived", () -> Files.exists(fixture.incoming.resolve(segment)));
    }

    static void fill(TestCluster server) throws Exception {
        server.tablespace("cold");
        server.execute("create table far tablespace cold as select generate_series(1, 50000) id");
        server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 20000) n");
        server.execute("create unlogged table gone as select generate_series(1, 10000) id");
    }
}
