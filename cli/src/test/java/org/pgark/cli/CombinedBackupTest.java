package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.basebackup.CombineBackupProgram;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.replication.BaseBackupProgram;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.restore.OwnerNumbers;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestorePlan;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.repository.Repository;
import org.pgark.testkit.TestCluster;

/** pg_combinebackup whose target is a repository. */
class CombinedBackupTest {
    private static final String ROWS =
            "select md5(string_agg(id || owner, ',' order by id)) || (select id from far) from account";

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

    private void configure(TestCluster server) throws IOException {
        Files.writeString(
                configuration(),
                "[repository.main]\nurl = \"file:" + folder.resolve("repository") + "\"\n"
                        + "[cluster.main]\nconnection = \"host=127.0.0.1 port=" + server.port()
                        + " user=postgres dbname=postgres\"\nreceive.directory = \"" + folder.resolve("received")
                        + "\"\nreceive.slot = \"receiver\"\n");
        Files.setPosixFilePermissions(configuration(), PosixFilePermissions.fromString("rw-r-----"));
        pgark("init", "--cluster", "main");
    }

    private static TestCluster server(int major) throws Exception {
        TestCluster server = TestCluster.of(major)
                .walSegmentMegabytes(1)
                .with("summarize_wal", "on")
                .tablespace("elsewhere")
                .started();
        server.execute(
                "create table account as select n as id, repeat('x', 500) as owner from generate_series(1, 2000) n");
        server.execute("create table far tablespace elsewhere as select 0 as id");
        return server;
    }

    private ProgramCall baseBackup(TestCluster server, Path into, Object... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of(
                "-D",
                into,
                "-c",
                "fast",
                "-N",
                "-T",
                server.home().resolve("tablespaces/elsewhere") + "=" + into + "_far"));
        words.addAll(List.of(more));
        return ProgramCall.at(
                        server,
                        new BaseBackupProgram((run, target) -> {
                            throw new AssertionError(target);
                        }),
                        words.toArray())
                .mustSucceed();
    }

    /** A full backup and two incremental ones. */
    private List<Path> chain(TestCluster server) throws Exception {
        List<Path> chain = new ArrayList<>();
        for (int step = 0; step <= 2; step++) {
            server.execute("update account set owner = 'step " + step + "' where id % 100 = " + step);
            server.execute("update far set id = " + step);
            Path backup = folder.resolve("step_" + step);
            baseBackup(
                    server,
                    backup,
                    step == 0
                            ? new Object[0]
                            : new Object[] {"-i", chain.getLast().resolve("backup_manifest")});
            chain.add(backup);
        }
        return chain;
    }

    private ProgramCall combine(List<Path> backups, Object... more) {
        List<String> words =
                new ArrayList<>(backups.stream().map(Path::toString).toList());
        words.add("--target=repository");
        for (Object word : more) {
            words.add(word.toString());
        }
        return ProgramCall.of(
                new CombineBackupProgram(new BaseBackupRepositories()),
                Map.of("PGARK_CONFIG", configuration().toString()),
                words);
    }

    private void fails(String message, List<Path> backups, Object... more) {
        ProgramCall call = combine(backups, more);
        assertThat(call.errors()).contains("pg_combinebackup: error: " + message);
        assertThat(call.exitCode()).isEqualTo(1);
    }

    private void restores(int major, String expected, Path far) throws Exception {
        Path data = folder.resolve("restored");
        Configuration configuration = Configuration.read(new ConfigurationSources(
                Optional.of(configuration()), Map.of(), folder, ConfigurationSources.SYSTEM_FILE));
        try (Repository repository = Repositories.open(configuration.repository("main"))) {
            // The archive has nothing of it: what is needed came with the backup.
            RestorePlan plan = Restore.plan(
                    repository,
                    RestoreRequest.of("main", data, "false")
                            .moving(Map.of(far, folder.resolve("restored_far")))
                            .ownedBy(new OwnerNumbers((int) Files.getAttribute(folder, "unix:uid"), (int)
                                    Files.getAttribute(folder, "unix:gid")))
                            .in(ZoneOffset.UTC));
            new Restore(ProgressListener.SILENT).run(plan);
        }
        try (TestCluster started = TestCluster.existing(major, data)) {
            started.cluster().start();
            started.cluster().awaitPrimary(Duration.ofSeconds(60));
            assertThat(started.query(ROWS)).isEqualTo(expected);
            assertThat(started.query("select count(*) from account where owner = 'step 2'"))
                    .isEqualTo("20");
        }
    }

    private int listed() {
        return pgark("list", "--json").split("\"stop_time\"", -1).length - 1;
    }

    @Test
    @Tag("slow")
    void aChainOf17WithItsWalIsABackupLikeAnyOther() throws Exception {
        try (TestCluster server = server(17)) {
            configure(server);
            List<Path> chain = chain(server);
            String rows = server.query(ROWS);
            ProgramCall call = combine(chain, "-T", folder.resolve("step_2_far") + "=/srv/far")
                    .mustSucceed();
            assertThat(call.errors()).contains(" of cluster main is in repository file:");
            assertThat(listed()).isEqualTo(1);
            assertThat(pgark("list", "--json")).contains("wal_carried_from");
            assertThat(pgark("verify", "--cluster", "main")).doesNotContain("DAMAGE");
            restores(17, rows, Path.of("/srv/far"));
        }
    }

    @Test
    void ofAChainOf18NothingIsListedThatIsNotWhole() throws Exception {
        try (TestCluster server = server(18)) {
            configure(server);
            List<Path> chain = chain(server);
            String rows = server.query(ROWS);
            refusesWhatDoesNotGoTogether(chain);
            findsDamage(chain);
            needsItsWal(server);
            assertThat(combine(chain, "--dry-run").mustSucceed().errors())
                    .contains("would store a backup of cluster main in repository file:");
            assertThat(listed()).isZero();
            combine(chain).mustSucceed();
            restores(18, rows, folder.resolve("step_2_far"));
            // The same once more adds next to nothing, and WAL that the archive has is not brought along.
            Path later = folder.resolve("later");
            receivedWhile(server, () -> {
                baseBackup(server, later, "-X", "none");
                doesNotRelyOnWhatCameFromADisk(server);
            });
            assertThat(combine(List.of(later)).mustSucceed().errors()).contains(", stored ");
            assertThat(pgark("list", "--json").split("wal_carried_from", -1)).hasSize(2);
            assertThat(pgark("verify", "--cluster", "main")).doesNotContain("DAMAGE");
            archivesWalMustBeTheBackups(chain);
        }
    }

    private void refusesWhatDoesNotGoTogether(List<Path> chain) throws Exception {
        fails("cannot specify both output directory and backup target", chain, "-o", folder.resolve("out"));
        for (String option : List.of("--link", "--copy", "--no-sync", "--no-manifest", "--sync-method=fsync")) {
            String name = option.substring(2).replaceFirst("=.*", "");
            fails("cannot specify --" + name + " with a repository as backup target", chain, option);
        }
        fails("unrecognized target: \"there\"", chain, "--target=there");
        fails("repository \"other\" is not configured", chain, "--target=repository:other");
        fails("no input directories specified", List.of());
        fails(
                "backup at \"" + chain.get(1)
                        + "\" is an incremental backup, but the first backup should be a full backup",
                chain.subList(1, 3));
        fails("backup at \"" + chain.get(0) + "\" starts at LSN ", List.of(chain.get(0), chain.get(2)));
        Path manifest = chain.get(1).resolve("backup_manifest");
        Path away = Files.move(manifest, folder.resolve("away"));
        fails("backup at \"" + chain.get(1) + "\" has no manifest, so that nothing tells whether it is whole", chain);
        Files.move(away, manifest);
    }

    private void findsDamage(List<Path> chain) throws Exception {
        Path changes;
        try (var files = Files.walk(chain.get(1).resolve("base"))) {
            changes = files.filter(file -> file.getFileName().toString().startsWith("INCREMENTAL."))
                    .filter(file -> file.toFile().length() > 8192)
                    .findFirst()
                    .orElseThrow();
        }
        flip(changes, 8192 + 100);
        ProgramCall call = combine(chain);
        assertThat(call.errors())
                .contains("pg_combinebackup: error: checksum mismatch for file \""
                        + chain.get(1).relativize(changes) + "\"\n")
                .contains("pg_combinebackup: error: backup at \"" + chain.get(1) + "\" is damaged\n");
        assertThat(call.exitCode()).isEqualTo(1);
        flip(changes, 8192 + 100);
        Path last = lastSegment(chain.getLast());
        flip(last, 200);
        fails("the WAL in \"" + last.getParent() + "\" does not have the checkpoint at ", chain);
        flip(last, 200);
        Path away = Files.move(last, folder.resolve("away"));
        fails(
                "\"" + last.getFileName()
                        + "\", which the backup needs, is neither in the repository's archive nor in \""
                        + last.getParent() + "\"",
                chain);
        Files.move(away, last);
        assertThat(listed()).isZero();
    }

    private static Path lastSegment(Path backup) throws IOException {
        try (var files = Files.list(backup.resolve("pg_wal"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.seek(at);
            int before = content.read();
            content.seek(at);
            content.write(before ^ 0x40);
        }
    }

    private void needsItsWal(TestCluster server) throws Exception {
        Path alone = folder.resolve("alone");
        baseBackup(server, alone, "-X", "none");
        fails("\"", List.of(alone));
        assertThat(combine(List.of(alone)).errors())
                .contains("is neither in the repository's archive nor in \"" + alone.resolve("pg_wal") + "\"");
    }

    /** It could be of a copy of the server, whose changes nobody has told. */
    private void doesNotRelyOnWhatCameFromADisk(TestCluster server) throws Exception {
        Map<String, String> variables = new HashMap<>(ProgramCall.variables(server));
        variables.put("PGARK_CONFIG", configuration().toString());
        ProgramCall call = ProgramCall.of(
                        new BaseBackupProgram(new BaseBackupRepositories()),
                        variables,
                        List.of("--target", "repository", "-c", "fast", "-v"))
                .mustSucceed();
        assertThat(call.errors())
                .contains(": it was put together from backups on disk, perhaps of a copy of this server\n");
    }

    private interface Step {
        void run() throws Exception;
    }

    private void receivedWhile(TestCluster server, Step step) throws Exception {
        String end = server.query("select ((pg_current_wal_flush_lsn() - '0/0') / 1048576 + 8)::int");
        String until = "0/" + Integer.toHexString(Integer.parseInt(end) << 20);
        CompletableFuture<String> receiver = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> receiver.complete(pgark("wal", "receive", "--create-slot", "--until", until)));
        while (server.query("select count(*) from pg_stat_replication").equals("0") && !receiver.isDone()) {
            Thread.onSpinWait();
        }
        step.run();
        while (!receiver.isDone()) {
            server.switchWal();
        }
        receiver.get();
    }

    /** Its segment is there under that name, but is that of another history. */
    private void archivesWalMustBeTheBackups(List<Path> chain) throws Exception {
        // The chain's WAL is not in the archive; the later backup's is, with which a copy of it must agree.
        Path later = folder.resolve("later");
        Path wal = Files.createDirectories(later.resolve("pg_wal"));
        String needed = Files.readString(later.resolve("backup_label"))
                .lines()
                .filter(line -> line.startsWith("START WAL LOCATION"))
                .map(line -> line.replaceFirst(".*file ([0-9A-F]{24})\\).*", "$1"))
                .findFirst()
                .orElseThrow();
        Files.copy(lastSegment(chain.getLast()), wal.resolve(needed));
        fails("WAL segment " + needed + " in the archive has other content than the server's \"", List.of(later));
    }
}
