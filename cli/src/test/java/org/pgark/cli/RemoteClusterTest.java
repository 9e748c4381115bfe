package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.testkit.TestCluster;

/** A cluster that is configured by its connection alone, from registration to the plan of a restore. */
class RemoteClusterTest {
    @TempDir
    private Path folder;

    private record Run(int exitCode, String output, String errors) {
        Run mustSucceed() throws IOException {
            if (exitCode != 0) {
                throw new IOException("exit code " + exitCode + ": " + output + errors);
            }
            return this;
        }
    }

    private Run pgark(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all =
                new ArrayList<>(List.of("--config", folder.resolve("pgark.toml").toString()));
        all.addAll(List.of(words));
        int exitCode = new CommandLineRun(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        all)
                .run();
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** By its connection, nothing of which is written down before the server has answered. */
    private Path initialised(TestCluster server) throws IOException {
        Path configuration = folder.resolve("pgark.toml");
        String url = "file:" + folder.resolve("repository");
        assertThat(pgark("init", "--cluster", "main", "--repo", url).errors())
                .contains("--pgdata or --connection is missing");
        assertThat(pgark("init", "--cluster", "main", "--repo", url, "--connection", "host=127.0.0.1 port=1")
                        .exitCode())
                .isEqualTo(1);
        assertThat(configuration).doesNotExist();
        String connection = "host=127.0.0.1 port=" + server.port() + " user=postgres dbname=postgres";
        String[] words = {"init", "--cluster", "main", "--repo", url, "--connection", connection};
        assertThat(pgark(words).mustSucceed().output())
                .startsWith("made " + configuration + "\n")
                .contains("registered cluster main (PostgreSQL 18, system identifier ")
                .contains("NOTE: check, init --apply and archive_command need the data directory");
        String text = Files.readString(configuration);
        assertThat(text)
                .contains("[cluster.main]\nconnection = \"" + connection + "\"\n")
                .doesNotContain("pgdata");
        for (String[] again : new String[][] {words, {"init", "--cluster", "main"}}) {
            assertThat(pgark(again).mustSucceed().output()).doesNotContain("made ", "extended ");
        }
        String key = folder.resolve("sealed.key").toString();
        String[] sealed = {
            "init", "--cluster", "sealed", "--repo", url + "-sealed", "--connection", connection, "--key-file", key
        };
        assertThat(pgark(sealed).mustSucceed().output())
                .startsWith("extended " + configuration + "\nmade key file " + key + "\n")
                .contains("made encrypted repository ", "pinned repository ", "registered cluster sealed ");
        Files.writeString(configuration, text);
        assertThat(pgark("init", "--cluster", "main", "--apply").errors()).contains("--apply needs --pgdata");
        Files.writeString(
                configuration,
                text + "receive.directory = \"" + folder.resolve("received") + "\"\nreceive.slot = \"receiver\"\n");
        return configuration;
    }

    @Test
    void isRegisteredReceivedBackedUpAndRestorable() throws Exception {
        try (TestCluster server = TestCluster.of(18).walSegmentMegabytes(1).started()) {
            Path configuration = initialised(server);
            server.execute("create table account as select n as id from generate_series(1, 1000) n");
            assertThat(pgark("check").exitCode()).isNotZero();
            CompletableFuture<Run> receiver = new CompletableFuture<>();
            String end = server.query("select ((pg_current_wal_flush_lsn() - '0/0') / 1048576 + 8)::int");
            String until = "0/" + Integer.toHexString(Integer.parseInt(end) << 20);
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> receiver.complete(
                            pgark("wal", "receive", "--create-slot", "--save-interval", "200ms", "--until", until)));
            pgark("backup").mustSucceed();
            server.execute("insert into account values (7777)");
            server.execute("create role streamer login replication");
            Files.writeString(configuration, Files.readString(configuration).replace("user=postgres", "user=streamer"));
            Run streamed = pgark("backup", "--json").mustSucceed();
            assertThat(streamed.errors())
                    .contains("the server streams the backup")
                    .contains("pg_read_all_settings");
            assertThat(streamed.output()).contains("\"base\"");
            pgark("backup", "--source", "replication", "--full").mustSucceed();
            assertThat(pgark("backup", "--source", "sql").errors()).contains("permission denied");
            while (!receiver.isDone()) {
                server.switchWal();
            }
            assertThat(receiver.get().mustSucceed().output()).contains("receiving WAL from ");
            assertThat(pgark("list").mustSucceed().output()).contains("main");
            // Without --dry-run root would go on as the owner of the files, in another process.
            Run plan = pgark(
                    "restore",
                    "--cluster",
                    "main",
                    "--to",
                    folder.resolve("data").toString(),
                    "--dry-run");
            assertThat(plan.mustSucceed().output()).contains("at the end of the archived WAL");
        }
    }
}
