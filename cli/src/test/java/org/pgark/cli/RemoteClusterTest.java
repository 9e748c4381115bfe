package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    @Test
    void isRegisteredReceivedBackedUpAndRestorable() throws Exception {
        try (TestCluster server = TestCluster.of(18).walSegmentMegabytes(1).started()) {
            Path configuration = Files.writeString(
                    folder.resolve("pgark.toml"),
                    "[repository.main]\nurl = \"file:" + folder.resolve("repository") + "\"\n"
                            + "[cluster.main]\nconnection = \"host=127.0.0.1 port=" + server.port()
                            + " user=postgres dbname=postgres\"\nreceive.directory = \"" + folder.resolve("received")
                            + "\"\nreceive.slot = \"receiver\"\n");
            Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r-----"));
            assertThat(pgark("init", "--cluster", "main").mustSucceed().output())
                    .contains("registered cluster main (PostgreSQL 18, system identifier ");
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
