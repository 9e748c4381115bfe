package org.pgark.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.cli.basebackup.CombineBackupProgram;
import org.pgark.cli.basebackup.VerifyBackupProgram;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** pg_basebackup against the oldest and the newest server: what it writes verifies, and servers start from it. */
class BaseBackupProgramTest {
    private static final int OLDEST = 13;
    private static final int NEWEST = 18;

    private static TestCluster oldest;
    private static TestCluster newest;

    private Path folder = Path.of("/");

    @BeforeAll
    static void startServers() throws Exception {
        oldest = TestCluster.of(OLDEST)
                .walSegmentMegabytes(1)
                .tablespace("elsewhere")
                .started();
        newest = TestCluster.of(NEWEST)
                .walSegmentMegabytes(1)
                .tablespace("elsewhere")
                .started();
        for (TestCluster server : List.of(oldest, newest)) {
            server.execute("create table account as select n as id, repeat('x', 500) as owner from"
                    + " generate_series(1, 2000) n");
            server.execute("create table far tablespace elsewhere as select 7 as id");
            server.execute("create role nobody login; create role copier login replication password 'right'");
        }
    }

    @AfterAll
    static void stopServers() throws Exception {
        oldest.close();
        newest.close();
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pgark-basebackup-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void removeFolder() throws IOException {
        FileTree.delete(folder);
    }

    private static BaseBackupProgram program() {
        return new BaseBackupProgram((run, target) -> {
            throw new AssertionError(target);
        });
    }

    private static CombineBackupProgram combine() {
        return new CombineBackupProgram((run, target) -> {
            throw new AssertionError(target);
        });
    }

    private static TestCluster server(int major) {
        return major == OLDEST ? oldest : newest;
    }

    private static Path tablespace(TestCluster server) {
        return server.home().resolve("tablespaces/elsewhere");
    }

    private static ProgramCall verified(Object... words) throws IOException {
        return ProgramCall.of(new VerifyBackupProgram(), words).mustSucceed();
    }

    /** The rows of both tables, as a server finds them that is started from a backup. */
    private static String startedFrom(int major, Path data) throws Exception {
        try (TestCluster started = TestCluster.existing(major, data)) {
            started.start();
            return started.query("select (select count(*) from account) || ' ' || (select id from far)");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {OLDEST, NEWEST})
    void aPlainBackupIsWholeAndStarts(int major) throws Exception {
        TestCluster server = server(major);
        Path data = folder.resolve("data");
        Path elsewhere = folder.resolve("elsewhere");
        ProgramCall call = ProgramCall.at(
                server, program(), "-D", data, "-c", "fast", "-T", tablespace(server) + "=" + elsewhere, "-v");
        assertThat(call.mustSucceed().errors()).contains("pg_basebackup: base backup completed\n");
        assertThat(verified(data).output()).isEqualTo("backup successfully verified\n");
        assertThat(elsewhere).isNotEmptyDirectory();
        assertThat(startedFrom(major, data)).isEqualTo("2000 7");
    }

    @ParameterizedTest
    @ValueSource(ints = {OLDEST, NEWEST})
    void tarArchivesWithFetchedWalAreWholeAndStart(int major) throws Exception {
        TestCluster server = server(major);
        Path tars = folder.resolve("tars");
        ProgramCall.at(server, program(), "-D", tars, "-c", "fast", "-N", "-Ft", "-z", "-X", "fetch")
                .mustSucceed();
        verified("-n", tars);
        Path data = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        unpack(tars.resolve("base.tar.gz"), data);
        try (DirectoryStream<Path> links = Files.newDirectoryStream(tars, "[0-9]*.tar.gz")) {
            for (Path archive : links) {
                Path place = Files.createDirectory(folder.resolve("elsewhere"));
                unpack(archive, place);
                Path link = data.resolve("pg_tblspc")
                        .resolve(archive.getFileName().toString().replace(".tar.gz", ""));
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, place);
                Files.writeString(data.resolve("tablespace_map"), link.getFileName() + " " + place + "\n");
            }
        }
        assertThat(startedFrom(major, data)).isEqualTo("2000 7");
    }

    @ParameterizedTest
    @ValueSource(ints = {OLDEST, NEWEST})
    void tarArchivesWithStreamedWalCarryItBeside(int major) throws Exception {
        for (String compression : List.of("none", "client-lz4", "client-zstd:1")) {
            Path tars = folder.resolve(compression);
            ProgramCall.at(server(major), program(), "-D", tars, "-c", "fast", "-N", "-Ft", "-Z", compression)
                    .mustSucceed();
            verified("-n", tars);
            try (Stream<Path> files = Files.list(tars)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .anyMatch(name -> name.startsWith("pg_wal.tar"));
            }
        }
    }

    @Test
    void aServerCompressesWhereItCan() throws Exception {
        Path data = folder.resolve("data");
        ProgramCall.at(
                        newest,
                        program(),
                        "-D",
                        data,
                        "-c",
                        "fast",
                        "-N",
                        "-Z",
                        "server-gzip:1",
                        "-T",
                        tablespace(newest) + "=" + folder.resolve("elsewhere"))
                .mustSucceed();
        verified(data);
        ProgramCall refused = ProgramCall.at(oldest, program(), "-D", folder.resolve("x"), "-Ft", "-Z", "server-gzip");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors()).contains("server does not support server-side compression");
    }

    @ParameterizedTest
    @ValueSource(ints = {OLDEST, NEWEST})
    void aBackupWithoutWalHasNone(int major) throws Exception {
        Path data = folder.resolve("data");
        TestCluster server = server(major);
        ProgramCall.at(
                        server,
                        program(),
                        "-D",
                        data,
                        "-c",
                        "fast",
                        "-N",
                        "-X",
                        "none",
                        "--manifest-checksums=SHA256",
                        "-T",
                        tablespace(server) + "=" + folder.resolve("elsewhere"))
                .mustSucceed();
        verified("-n", data);
        try (Stream<Path> files = Files.list(data.resolve("pg_wal"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(Files.readString(data.resolve("backup_manifest"))).contains("\"Checksum-Algorithm\": \"SHA256\"");
    }

    @Test
    void oneArchiveGoesToStandardOutput() throws Exception {
        try (TestCluster alone = TestCluster.of(NEWEST).started()) {
            ProgramCall call = ProgramCall.at(alone, program(), "-D", "-", "-Ft", "-X", "fetch", "-c", "fast", "-N");
            Path archive =
                    Files.write(folder.resolve("base.tar"), call.mustSucceed().bytes());
            Path data = Files.createDirectory(folder.resolve("data"));
            unpack(archive, data);
            verified(data);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {OLDEST, NEWEST})
    void aStandbyIsReadyToStartAndCanBePromoted(int major) throws Exception {
        TestCluster server = server(major);
        Path data = folder.resolve("standby");
        ProgramCall.at(
                        server,
                        program(),
                        "-D",
                        data,
                        "-c",
                        "fast",
                        "-N",
                        "-R",
                        "-C",
                        "-S",
                        "standby_" + major,
                        "-T",
                        tablespace(server) + "=" + folder.resolve("elsewhere"))
                .mustSucceed();
        try (TestCluster standby = TestCluster.existing(major, data)) {
            standby.start();
            server.execute("create table later_" + major + " as select 1 as id");
            Waiting.until(
                    "the standby has the new table",
                    () -> standby.query("select count(*) from pg_class where relname = 'later_" + major + "'")
                            .equals("1"));
            assertThat(server.query(
                            "select active::text from pg_replication_slots where slot_name = 'standby_" + major + "'"))
                    .isEqualTo("true");
            standby.cluster().promote();
            standby.execute("insert into later_" + major + " values (2)");
        }
        Waiting.until(
                "the slot is free",
                () -> server.query("select active::text from pg_replication_slots where slot_name = 'standby_" + major
                                + "'")
                        .equals("false"));
        server.execute("select pg_drop_replication_slot('standby_" + major + "')");
    }

    @Test
    void aChainOfIncrementalBackupsCombinesToTheOriginal() throws Exception {
        // A server of its own, since the summarizer of an idle one sleeps for up to half a minute.
        try (TestCluster server = TestCluster.of(NEWEST)
                .walSegmentMegabytes(1)
                .with("summarize_wal", "on")
                .tablespace("elsewhere")
                .started()) {
            server.execute("create table account as select n as id, repeat('x', 500) as owner from"
                    + " generate_series(1, 2000) n");
            server.execute("create table far tablespace elsewhere as select 0 as id");
            List<Path> chain = new ArrayList<>();
            for (int step = 0; step <= 2; step++) {
                server.execute("update account set owner = 'step " + step + "' where id % 100 = " + step);
                server.execute("update far set id = " + step);
                Path backup = folder.resolve("step_" + step);
                List<Object> words = new ArrayList<>(List.of(
                        "-D", backup, "-c", "fast", "-N", "-T", tablespace(server) + "=" + folder.resolve("t" + step)));
                if (step > 0) {
                    words.addAll(List.of("-i", chain.getLast().resolve("backup_manifest")));
                }
                ProgramCall.at(server, program(), words.toArray()).mustSucceed();
                verified(backup);
                chain.add(backup);
            }
            String rows = "select md5(string_agg(id || owner, ',' order by id)) || (select id from far) from account";
            Path result = folder.resolve("result");
            List<Object> words = new ArrayList<>(chain);
            words.addAll(List.of("-N", "-o", result, "-T", folder.resolve("t2") + "=" + folder.resolve("t3")));
            ProgramCall.of(combine(), words.toArray()).mustSucceed();
            verified(result);
            isClonedOrSaysWhyNot(chain);
            try (TestCluster started = TestCluster.existing(NEWEST, result)) {
                started.start();
                assertThat(started.query(rows)).isEqualTo(server.query(rows));
            }
        }
    }

    /** Few file systems share blocks between files. */
    private void isClonedOrSaysWhyNot(List<Path> chain) throws IOException {
        Path cloned = folder.resolve("cloned");
        List<Object> words = new ArrayList<>(chain);
        words.addAll(List.of("-N", "--clone", "-o", cloned, "-T", folder.resolve("t2") + "=" + folder.resolve("t4")));
        ProgramCall call = ProgramCall.of(combine(), words.toArray());
        if (call.exitCode() == 0) {
            verified(cloned);
        } else {
            assertThat(call.errors().lines().findFirst().orElseThrow())
                    .startsWith("pg_combinebackup: error: error while cloning file \"" + chain.getLast())
                    .endsWith(": Operation not supported");
            assertThat(call.errors()).contains("\npg_combinebackup: removing output directory \"" + cloned + "\"\n");
            assertThat(cloned).doesNotExist();
        }
    }

    @Test
    void olderServersHaveNoIncrementalBackups() throws Exception {
        Path manifest = Files.writeString(folder.resolve("manifest"), "{}");
        fails(
                ProgramCall.at(oldest, program(), "-D", folder.resolve("data"), "-i", manifest),
                "server does not support incremental backup");
    }

    @ParameterizedTest
    @ValueSource(ints = {OLDEST, NEWEST})
    void eachHindranceHasItsMessage(int major) throws Exception {
        TestCluster server = server(major);
        Path data = folder.resolve("data");
        String words = major == OLDEST
                ? "FATAL:  must be superuser or replication role to start walsender"
                : "FATAL:  permission denied to start WAL sender\n"
                        + "DETAIL:  Only roles with the REPLICATION attribute may start a WAL sender process.";
        fails(
                ProgramCall.at(server, program(), "-D", data, "-U", "nobody"),
                "connection to server on socket \"" + server.socketDirectory() + "/.s.PGSQL." + server.port()
                        + "\" failed: " + words);
        fails(
                ProgramCall.at(
                        server,
                        program(),
                        "-D",
                        data,
                        "-c",
                        "fast",
                        "-S",
                        "absent",
                        "-T",
                        tablespace(server) + "=" + folder.resolve("space")),
                "could not send replication command \"START_REPLICATION\": ERROR:  replication slot \"absent\" does not"
                        + " exist");
        assertThat(data).doesNotExist();
        Files.createDirectories(data);
        Files.writeString(data.resolve("precious"), "mine");
        fails(ProgramCall.at(server, program(), "-D", data), "directory \"" + data + "\" exists but is not empty");
        assertThat(data.resolve("precious")).hasContent("mine");
        fails(
                ProgramCall.at(server, program(), "-D", folder.resolve("y"), "-h", "127.0.0.1", "-p", "1"),
                "connection to server at \"127.0.0.1\", port 1 failed: Connection refused");
    }

    @Test
    void tooManySendersAndAWrongPasswordAreToldPlainly() throws Exception {
        try (TestCluster small =
                TestCluster.of(NEWEST).with("max_wal_senders", "1").created()) {
            Files.writeString(small.dataDirectory().resolve("pg_hba.conf"), """
                local all all trust
                host all all 127.0.0.1/32 trust
                local replication all trust
                host replication all 127.0.0.1/32 scram-sha-256
                """);
            small.start();
            small.execute("create role copier login replication password 'right'");
            fails(
                    ProgramCall.at(small, program(), "-D", folder.resolve("data"), "-c", "fast"),
                    "number of requested standby connections exceeds \"max_wal_senders\" (currently 1)");
            assertThat(folder.resolve("data")).doesNotExist();
            Waiting.until(
                    "the server knows that the first has gone",
                    () -> small.query("select count(*) from pg_stat_activity where backend_type = 'walsender'")
                            .equals("0"));
            Map<String, String> variables = Map.of("PGPASSWORD", "wrong");
            fails(
                    ProgramCall.of(
                            program(),
                            variables,
                            List.of("-D", folder + "/z", "-h", "127.0.0.1", "-p", "" + small.port(), "-U", "copier")),
                    "FATAL:  password authentication failed for user \"copier\"");
        }
    }

    @Test
    void aServerThatDiesInMidStreamLeavesNothingBehind() throws Exception {
        try (TestCluster victim = TestCluster.of(NEWEST).started()) {
            Path data = folder.resolve("data");
            var call = ProgramCall.begun(victim, program(), "-D", data, "-c", "fast", "-r", "4M", "--no-sync");
            Waiting.until("files arrive", () -> Files.exists(data.resolve("PG_VERSION")));
            victim.kill();
            ProgramCall ended = call.get();
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.errors()).contains("pg_basebackup: error: ").contains("removing data directory");
            assertThat(data).doesNotExist();
        }
    }

    private static void fails(ProgramCall call, String message) {
        assertThat(call.errors()).contains(message);
        assertThat(call.exitCode()).isEqualTo(1);
    }

    private static void unpack(Path archive, Path target) throws IOException {
        ProgramOutcome outcome = ProgramOutcome.of(
                List.of("tar", "--no-same-owner", "-xf", archive.toString(), "-C", target.toString()));
        if (outcome.exitStatus() != 0) {
            throw new IOException(outcome.errors());
        }
    }
}
