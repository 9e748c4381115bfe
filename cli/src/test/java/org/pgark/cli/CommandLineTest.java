package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    private Path folder;

    private record Result(int exitCode, String output, String errors) {}

    private static Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new CommandLineRun(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        List.of(words))
                .run();
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "check",
                "backup",
                "list",
                "show",
                "restore",
                "verify",
                "expire",
                "pin",
                "unpin",
                "key",
                "key create",
                "key list",
                "key rotate",
                "key export",
                "key check",
                "wal",
                "wal push",
                "wal get",
                "wal list",
                "wal worker",
                "demo",
                "completion"
            })
    void everyCommandHasHelpThatEndsWell(String command) {
        String[] words = (command + " --help").split(" ");

        Result result = run(words);

        assertThat(result.exitCode()).isZero();
        assertThat(result.output())
                .startsWith("Usage: pgark " + command)
                .contains("--config")
                .contains("--json");
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version").output()).startsWith("pgark ");
    }

    @Test
    void anUnknownCommandIsAnErrorOfUsage() {
        Result result = run("bakcup");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).isEqualTo("""
            pgark: error: unmatched argument at index 0: 'bakcup'
            HINT: Did you mean backup?
            """);
        assertThat(result.output()).isEmpty();
    }

    @Test
    void anUnknownOptionIsAnErrorOfUsageInJsonToo() {
        Result result = run("list", "--json", "--al");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors())
                .isEqualTo("{\"error\":{\"code\":\"usage\",\"message\":\"unknown option: '--al'\","
                        + "\"hint\":\"\\\"pgark list --help\\\" lists what it takes.\"}}\n");
    }

    @Test
    void aMissingConfigurationFileIsNamed() {
        Path missing = folder.resolve("missing.toml");

        Result result = run("list", "--config", missing.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("\"" + missing + "\"").contains("does not exist");
    }

    @Test
    void aListOfNothingSaysSo() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.toml"), "");

        Result result = run("list", "--config", empty.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.errors())
                .isEqualTo("no cluster is configured: configuration file \"" + empty
                        + "\"; \"pgark init\" registers one\n");
    }

    @Test
    void globalOptionsAreTakenBeforeAndAfterTheCommand() throws Exception {
        String configuration = sample().toString();

        Result before = run("--config", configuration, "--json", "list");
        Result after = run("list", "--json", "--config", configuration);

        assertThat(before.errors()).isEmpty();
        assertThat(before.exitCode()).isZero();
        assertThat(after).isEqualTo(before);
        assertThat(before.output())
                .startsWith("{\"clusters\":[{\"name\":\"main\",\"backups\":[{\"id\":\"")
                .contains("\"windows\":[");
    }

    @Test
    void listAndShowTellOfTheBackup() throws Exception {
        String configuration = sample().toString();

        assertThat(run("--config", configuration, "list").output())
                .contains("cluster main (PostgreSQL 18, system identifier 7000000000000000000)")
                .contains("full")
                .contains("no recovery window");
        assertThat(run("--config", configuration, "show", "latest").output())
                .contains("WAL needed         000000010000000000000002 to 000000010000000000000002");
    }

    @Test
    void aBackupThatIsNotThereIsNamed() throws Exception {
        Result result = run("--config", sample().toString(), "show", "2001");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).isEqualTo("""
            pgark: error: there is no backup "2001"
            HINT: "pgark list" shows those that there are.
            """);
    }

    @Test
    void verifyFindsTheMissingSegmentOfABackup() throws Exception {
        Result result = run("--config", sample().toString(), "verify", "--json");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.output()).contains("\"sound\":false").contains("000000010000000000000002");
    }

    @Test
    void aRestoreThatCannotReachConsistencyIsRefusedAndWritesNothing() throws Exception {
        Path to = folder.resolve("restored");

        Result result = run("--config", sample().toString(), "restore", "--to", to.toString());

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.errors()).contains("000000010000000000000002");
        assertThat(to).doesNotExist();
    }

    @Test
    void contradictingOptionsAreErrorsOfUsage() throws Exception {
        String configuration = sample().toString();

        assertThat(run("--config", configuration, "restore", "--to", "/x", "--delta", "--force")
                        .errors())
                .startsWith("pgark: error: --delta and --force exclude each other\n");
        assertThat(run("--config", configuration, "restore", "--to", "/x", "--exclusive")
                        .errors())
                .startsWith("pgark: error: --exclusive needs --time, --lsn or --xid\n");
        assertThat(run("--config", configuration, "restore", "--to", "/x", "--lsn", "nonsense")
                        .errors())
                .startsWith("pgark: error: invalid LSN \"nonsense\", must be like \"16/3002D50\"\n");
        assertThat(run("--config", configuration, "restore", "--to", "/x", "--time", "now", "--name", "x")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void aRepositoryThatWasRolledBackIsRefusedUntilTheUserAgrees() throws Exception {
        String configuration = sample().toString();
        assertThat(run("--config", configuration, "list").exitCode()).isZero();
        Path entry;
        try (Stream<Path> files = Files.walk(folder.resolve("repository/clusters"))) {
            entry = files.filter(file -> file.endsWith("log/0000000000000002"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(entry);
        Files.delete(entry.resolveSibling("0000000000000001"));

        Result result = run("--config", configuration, "list");

        assertThat(result.exitCode()).isEqualTo(4);
        List<String> lines = result.errors().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo(
                        "pgark: error: object \"" + folder.resolve("repository").relativize(entry)
                                + "\" is missing: this log was seen with it before, and now it has no entry");
        String beforehand = "HINT: Bring the object back. If the repository was put back to an older state on purpose,"
                + " remove \"";
        assertThat(lines.getLast()).startsWith(beforehand).endsWith("\" and run the command again.");
        Files.delete(Path.of(
                lines.getLast().substring(beforehand.length(), lines.getLast().lastIndexOf('"'))));
        assertThat(run("--config", configuration, "list").exitCode()).isZero();
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(run("completion").output()).contains("restore").contains("--dry-run");
    }

    private Path sample() throws Exception {
        Path configuration = folder.resolve("pgark.toml");
        if (!Files.exists(configuration)) {
            SampleRepository.make(folder, InstantSource.system(), new SecureRandom());
            Files.writeString(
                    configuration,
                    "[repository.main]\nurl = \"file:" + folder.resolve("repository")
                            + "\"\n[cluster.main]\npgdata = \"" + folder.resolve("data") + "\"\n");
            Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-------"));
        }
        return configuration;
    }
}
