package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.replication.BaseBackupProgram;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.testkit.TestCluster;

/** pg_basebackup whose target is a repository. */
class BaseBackupRepositoriesTest {
    @TempDir
    private Path folder;

    private String pgark(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of("--config", configuration().toString()));
        all.addAll(List.of(words));
        int exitCode = new CommandLineRun(stream, stream, all).run();
        assertThat(exitCode).as(out.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path configuration() {
        return folder.resolve("pgark.toml");
    }

    private ProgramCall baseBackup(TestCluster server, Map<String, String> more, Object... words) {
        Map<String, String> variables = new HashMap<>(ProgramCall.variables(server));
        variables.putAll(more);
        List<String> texts = new ArrayList<>();
        for (Object word : words) {
            texts.add(word.toString());
        }
        return ProgramCall.of(new BaseBackupProgram(new BaseBackupRepositories()), variables, texts);
    }

    @Test
    void takesListedBackupsIntoAnEncryptedRepository() throws Exception {
        try (TestCluster server = TestCluster.of(18).walSegmentMegabytes(1).started()) {
            Files.writeString(
                    configuration(),
                    "[repository.main]\nurl = \"file:" + folder.resolve("repository") + "\"\nkey-file = \""
                            + folder.resolve("key") + "\"\n"
                            + "[cluster.main]\nconnection = \"host=127.0.0.1 port=" + server.port()
                            + " user=postgres dbname=postgres\"\nreceive.directory = \"" + folder.resolve("received")
                            + "\"\nreceive.slot = \"receiver\"\n");
            Files.setPosixFilePermissions(configuration(), PosixFilePermissions.fromString("rw-r-----"));
            assertThat(pgark("init", "--cluster", "main"))
                    .contains("made encrypted repository file:")
                    .contains("registered cluster main");
            server.execute("create table account as select n as id from generate_series(1, 10000) n");
            String end = server.query("select ((pg_current_wal_flush_lsn() - '0/0') / 1048576 + 8)::int");
            String until = "0/" + Integer.toHexString(Integer.parseInt(end) << 20);
            CompletableFuture<String> receiver = new CompletableFuture<>();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> receiver.complete(pgark("wal", "receive", "--create-slot", "--until", until)));
            Map<String, String> configured =
                    Map.of("PGARK_CONFIG", configuration().toString());
            ProgramCall first = baseBackup(
                            server, configured, "--target", "repository", "-c", "fast", "-l", "the first")
                    .mustSucceed();
            assertThat(first.errors()).contains(" of cluster main is in repository file:");
            ProgramCall second = baseBackup(
                            server,
                            configured,
                            "--target=file:" + folder.resolve("repository"),
                            "-c",
                            "fast",
                            "-X",
                            "fetch",
                            "-P",
                            "-v",
                            "-Z",
                            "zstd:5")
                    .mustSucceed();
            assertThat(second.errors()).contains("the server sends all files, which are compared with backup ");
            String listed = pgark("list", "--json");
            assertThat(listed).contains("\"the first\"");
            assertThat(listed.split("\"stop_time\"", -1)).hasSize(3);
            // The key is in no configuration then.
            assertThat(baseBackup(server, Map.of(), "--target", folder.resolve("repository"))
                            .errors())
                    .contains("encrypted");
            while (!receiver.isDone()) {
                server.switchWal();
            }
            assertThat(receiver.get()).contains("receiving WAL from ");
            assertThat(pgark("restore", "--cluster", "main", "--to", folder.resolve("data") + "", "--dry-run"))
                    .contains("at the end of the archived WAL");
            assertThat(pgark("verify", "--cluster", "main")).doesNotContain("DAMAGE");
            refusesWhatDoesNotGoTogether(server);
            refusesAStranger(configured);
        }
    }

    private void refusesAStranger(Map<String, String> configured) throws Exception {
        try (TestCluster stranger = TestCluster.of(13).walSegmentMegabytes(1).started()) {
            String system = stranger.query("select system_identifier from pg_control_system()");
            assertThat(baseBackup(stranger, configured, "--target", "repository")
                            .errors())
                    .isEqualTo("pg_basebackup: error: no cluster in repository file:" + folder.resolve("repository")
                            + " has the server's system identifier " + system + "\n"
                            + "pg_basebackup: hint: \"pgark init --cluster NAME\" registers it.\n");
        }
    }

    private void refusesWhatDoesNotGoTogether(TestCluster server) {
        Map<String, String> refusals = Map.of(
                "-Ft", "cannot specify both format and backup target",
                "-D/x", "cannot specify both output directory and backup target",
                "-R", "cannot specify --write-recovery-conf with a repository as backup target",
                "-i/x", "cannot specify --incremental with a repository as backup target",
                "-Xnone", "a backup in a repository is not kept without its WAL",
                "-Ss", "cannot specify --slot with a repository as backup target",
                "-z", "compression \"gzip\" cannot be used in a repository: ",
                "-Zserver-zstd", "the server cannot compress what goes into a repository");
        refusals.forEach((option, message) -> {
            ProgramCall call = baseBackup(server, Map.of(), "--target", "/nowhere", option);
            assertThat(call.errors()).startsWith("pg_basebackup: error: " + message);
            assertThat(call.exitCode()).isEqualTo(1);
        });
        assertThat(baseBackup(server, Map.of(), "--target", "repository:other").errors())
                .startsWith("pg_basebackup: error: repository \"other\" is not configured\n");
        assertThat(baseBackup(server, Map.of(), "--target", "/nowhere/at/all").exitCode())
                .isEqualTo(1);
    }
}
