package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.metrics.MetricText;
import org.pgark.embedded.StopMode;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.ReleasedWal;
import org.pgark.physical.wal.WaitingWal;
import org.pgark.physical.wal.WorkerState;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

class MetricsCommandTest {
    private static final Pattern SAMPLE =
            Pattern.compile("(pgark_[a-z_]+(?:\\{[a-z]+=\"[^\"]+\"(?:,[a-z]+=\"[^\"]+\")*\\})?) (\\S+)");

    @TempDir
    private Path folder;

    private CommandResult run(String... words) {
        return CommandResult.of(folder, words);
    }

    /** Every line of a text is a sample, or says what one is. */
    private static Map<String, Double> samples(String text) {
        Map<String, Double> samples = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            if (!line.startsWith("# HELP ") && !line.startsWith("# TYPE ")) {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                assertThat(samples.put(sample.group(1), Double.valueOf(sample.group(2))))
                        .as(line)
                        .isNull();
            }
        }
        return samples;
    }

    private Map<String, Double> measured(int code, String... more) {
        String[] words = Stream.concat(Stream.of("metrics"), Stream.of(more)).toArray(String[]::new);
        return samples(run(words).mustEndWith(code).output());
    }

    private static String near(String metric) {
        return metric + "{cluster=\"main\",repository=\"near\"}";
    }

    private static String main(String metric) {
        return metric + "{cluster=\"main\"}";
    }

    private void configure(TestCluster server, String more) throws Exception {
        ServerConfiguration.write(folder, server, """
            [repository.near]
            url = "file:%s/near"
            """.formatted(folder), more);
    }

    @Test
    void tellsHowThingsStandWhateverIsOutOfReach() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = Files.createDirectory(folder.resolve("wal"));
        Files.setPosixFilePermissions(wal, PosixFilePermissions.fromString("rwxrwxrwx"));
        double begin = Instant.now().getEpochSecond();
        try (TestCluster server = TestCluster.of(18)
                .walSegmentMegabytes(1)
                .archiveCommand("cp %p " + wal + "/%f.part && mv " + wal + "/%f.part " + wal + "/%f")
                .started()) {
            configure(server, "");
            assertThat(measured(1)).containsEntry(near("pgark_repository_up"), 0.0);
            run("init", "--cluster", "main", "--pgdata", server.dataDirectory().toString())
                    .mustEndWith(0);
            assertThat(measured(0))
                    .containsEntry(near("pgark_backups"), 0.0)
                    .doesNotContainKeys(
                            near("pgark_last_backup_timestamp_seconds"),
                            near("pgark_recovery_window_end_timestamp_seconds"),
                            main("pgark_server_up"));
            try (PushedWal _ = new PushedWal(folder, wal)) {
                server.execute("create table t as select generate_series(1, 1000) i");
                run("backup").mustEndWith(0);
            }
            repository(measured(0), begin);
            waiting(server, begin);
            run("verify", "latest").mustEndWith(0);
            assertThat(measured(0))
                    .containsEntry(near("pgark_last_backup_verified_ratio"), 1.0)
                    .hasEntrySatisfying(
                            near("pgark_last_verification_timestamp_seconds"),
                            time -> assertThat(time).isGreaterThanOrEqualTo(begin));
            outOfReach(server);
            slot(server);
        }
    }

    private static void repository(Map<String, Double> samples, double begin) {
        double now = Instant.now().getEpochSecond() + 1.0;
        assertThat(samples)
                .containsEntry(near("pgark_repository_up"), 1.0)
                .containsEntry(near("pgark_cluster_registered"), 1.0)
                .containsEntry(near("pgark_backups"), 1.0)
                .containsEntry(near("pgark_damaged_backups"), 0.0)
                .containsEntry(near("pgark_last_backup_damaged_pages"), 0.0)
                .containsEntry(near("pgark_last_backup_verified_ratio"), 0.0)
                .containsEntry(near("pgark_wal_missing_segments"), 0.0)
                .containsEntry(near("pgark_wal_damaged_segments"), 0.0)
                .containsEntry(main("pgark_wal_waiting_files"), 0.0)
                .doesNotContainKeys(
                        near("pgark_last_verification_timestamp_seconds"),
                        near("pgark_wal_behind_segments"),
                        main("pgark_wal_waiting_since_timestamp_seconds"));
        for (String time : List.of(
                "pgark_last_backup_timestamp_seconds",
                "pgark_oldest_backup_timestamp_seconds",
                "pgark_recovery_window_begin_timestamp_seconds",
                "pgark_recovery_window_end_timestamp_seconds",
                "pgark_wal_last_archived_timestamp_seconds")) {
            assertThat(samples.get(near(time))).as(time).isBetween(begin, now);
        }
        assertThat(samples.get(near("pgark_last_backup_size_bytes")))
                .isGreaterThan(samples.get(near("pgark_last_backup_stored_bytes")));
        assertThat(samples.get(near("pgark_last_backup_duration_seconds"))).isBetween(0.001, now - begin);
    }

    private void waiting(TestCluster server, double begin) throws Exception {
        server.execute("alter system set archive_command = 'false'");
        server.execute("select pg_reload_conf()");
        // The archiver may not have heard of it when the first is ready.
        Waiting.until("two segments wait", () -> {
            server.switchWal();
            return waitingFiles(server) >= 2;
        });
        Map<String, Double> samples = measured(0);
        assertThat(samples.get(main("pgark_wal_waiting_files"))).isGreaterThanOrEqualTo(2);
        assertThat(samples.get(main("pgark_wal_waiting_bytes")))
                .isEqualTo(samples.getOrDefault(main("pgark_wal_waiting_files"), 0.0) * 1024 * 1024);
        assertThat(samples.get(main("pgark_wal_waiting_since_timestamp_seconds")))
                .isBetween(begin, Instant.now().getEpochSecond() + 1.0);
    }

    private static long waitingFiles(TestCluster server) throws IOException {
        try (Stream<Path> files = Files.list(server.dataDirectory().resolve("pg_wal/archive_status"))) {
            return files.filter(file -> file.toString().endsWith(".ready")).count();
        }
    }

    /** A service that takes connections and says nothing, and a configuration that has it beside the repository. */
    private void outOfReach(TestCluster server) throws Exception {
        Files.writeString(folder.resolve("secret"), "secret\n");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            configure(server, """
                repository = ["near", "silent"]
                [repository.silent]
                url = "s3://bucket/silent"
                endpoint = "http://127.0.0.1:%d"
                path-style = true
                access-key-id = "key"
                secret-access-key-file = "%s/secret"
                """.formatted(silent.getLocalPort(), folder));
            CommandResult result = run("metrics", "--timeout", "2").mustEndWith(1);
            assertThat(result.errors()).contains("pgark: warning: repository \"silent\" did not answer in time\n");
            assertThat(samples(result.output()))
                    .containsEntry("pgark_repository_up{cluster=\"main\",repository=\"silent\"}", 0.0)
                    .doesNotContainKey("pgark_backups{cluster=\"main\",repository=\"silent\"}")
                    .containsEntry(near("pgark_repository_up"), 1.0)
                    .containsEntry(near("pgark_backups"), 1.0);
        }
    }

    private void slot(TestCluster server) throws Exception {
        configure(server, "receive.slot = \"receiver\"\n");
        assertThat(measured(0))
                .containsEntry(main("pgark_server_up"), 1.0)
                .containsEntry(main("pgark_slot_exists"), 0.0)
                .doesNotContainKey(main("pgark_slot_kept_bytes"));
        server.query("select pg_create_physical_replication_slot('receiver', true)::text");
        server.switchWal();
        assertThat(measured(0))
                .containsEntry(main("pgark_slot_exists"), 1.0)
                .containsEntry(main("pgark_slot_active"), 0.0)
                .hasEntrySatisfying(
                        main("pgark_slot_kept_bytes"), kept -> assertThat(kept).isPositive());
        server.stop(StopMode.IMMEDIATE);
        assertThat(measured(1))
                .containsEntry(main("pgark_server_up"), 0.0)
                .containsEntry(near("pgark_backups"), 1.0)
                .doesNotContainKey(main("pgark_slot_exists"));
    }

    @Test
    void theFileIsReplacedAtOnceAndReadableByTheCollector() throws IOException {
        Path collected = Files.createDirectory(folder.resolve("collected"));
        Path file = Files.writeString(collected.resolve("pgark.prom"), "old");
        Files.writeString(folder.resolve("pgark.toml"), "[repository.near]\nurl = \"file:" + folder + "/near\"\n");
        CommandResult result = run("metrics", "--output", file.toString()).mustEndWith(0);
        assertThat(result.output()).isEmpty();
        assertThat(samples(Files.readString(file)).keySet())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("pgark_build_info{");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        try (Stream<Path> files = Files.list(collected)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(run("metrics", "--json").mustEndWith(2).errors()).contains("metrics has no form in JSON");
        Path nowhere = folder.resolve("nowhere/pgark.prom");
        assertThat(run("metrics", "--output", nowhere.toString()).mustEndWith(1).errors())
                .contains("pgark: error: file \"" + nowhere + "\" cannot be replaced: ");
    }

    @Test
    void tellsWhatTheWorkerMetAndWhatWasLetGo() throws IOException {
        Instant since = Instant.ofEpochSecond(1_800_000_000);
        BacklogReport report = new BacklogReport(
                new BacklogLimit(4096, Duration.ofMinutes(5), BacklogLimit.Action.GIVE_UP),
                Optional.of(new WaitingWal(3, 5000, Optional.of(since.plusSeconds(10)))),
                Optional.of(new WorkerState(
                        since, 7, 2, 11, Optional.of(new WorkerState.Failure(since.plusSeconds(20), "x", "full")))),
                List.of(new ReleasedWal(since, "a", true, "full"), new ReleasedWal(since, "b", false, "full")),
                since.plusSeconds(30));
        assertThat(samples(MetricText.PROMETHEUS.of("1", List.of(HostMetrics.of("main", report)))))
                .containsEntry(main("pgark_wal_waiting_files"), 3.0)
                .containsEntry(main("pgark_wal_waiting_bytes"), 5000.0)
                .containsEntry(main("pgark_wal_waiting_since_timestamp_seconds"), 1_800_000_010.0)
                .containsEntry(main("pgark_wal_waiting_limit_bytes"), 4096.0)
                .containsEntry(main("pgark_wal_waiting_limit_seconds"), 300.0)
                .containsEntry(main("pgark_wal_waiting_limit_reached"), 1.0)
                .containsEntry(main("pgark_wal_let_go_files"), 2.0)
                .containsEntry(main("pgark_wal_given_up_files"), 1.0)
                .containsEntry(main("pgark_worker_start_timestamp_seconds"), 1_800_000_000.0)
                .containsEntry(main("pgark_worker_archived_files_total"), 7.0)
                .containsEntry(main("pgark_worker_failures_total"), 2.0)
                .containsEntry(main("pgark_worker_repeated_requests_total"), 11.0)
                .containsEntry(main("pgark_worker_last_failure_timestamp_seconds"), 1_800_000_020.0);
    }
}
