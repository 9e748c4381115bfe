package org.pgark.cli.basebackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgark.cli.replication.BaseBackupProgram;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;

/** pg_verifybackup finds what upstream's 003_corruption.pl does to a backup, and what a disk does to a page. */
class VerifyBackupProgramTest {
    private static Path original;
    private static Path originalTablespace;
    private static Path other;

    private Path folder = Path.of("/");
    private Path backup = Path.of("/");
    private Path tablespace = Path.of("/");

    /** What is done to a backup, and what is said of it then. */
    enum Damage {
        EXTRA_FILE("extra_file\" is present (on disk|in archive \"base.tar\") but not in the manifest") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.writeString(test.backup.resolve("extra_file"), "This is an extra file.\n");
            }
        },
        EXTRA_TABLESPACE_FILE(
                "extra_ts_file\" is present (on disk|in archive \"[0-9]+.tar\") but not in the manifest") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.writeString(only(only(test.tablespace)).resolve("extra_ts_file"), "This is an extra file.\n");
            }
        },
        MISSING_FILE("\"pg_xact/0000\" is present in the manifest but not on disk") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.delete(test.backup.resolve("pg_xact/0000"));
            }
        },
        MISSING_TABLESPACE("\"pg_tblspc/[^\"]+\" is present in the manifest but not on disk") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.delete(only(test.backup.resolve("pg_tblspc")));
            }
        },
        APPENDED("global/pg_control\" has size 8193 (on disk|in archive \"base.tar\") but size 8192 in the manifest") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.writeString(test.backup.resolve("global/pg_control"), "x", StandardOpenOption.APPEND);
            }
        },
        TRUNCATED("pg_hba.conf\" has size 0 (on disk|in archive \"base.tar\") but size [0-9]+ in the manifest") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.writeString(test.backup.resolve("pg_hba.conf"), "");
            }
        },
        REPLACED("checksum mismatch for file \"PG_VERSION\"") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.writeString(test.backup.resolve("PG_VERSION"), "qqq");
            }
        },
        ROTTEN_PAGE("checksum mismatch for file \"base/[0-9]+/[0-9]+\"") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                try (RandomAccessFile file =
                        new RandomAccessFile(test.backup.resolve(relation).toFile(), "rw")) {
                    file.seek(8192 + 4000);
                    int before = file.read();
                    file.seek(8192 + 4000);
                    file.write(before ^ 1);
                }
            }
        },
        OTHER_SYSTEM("manifest system identifier is [0-9]+, but control file has [0-9]+") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.write(
                        test.backup.resolve("backup_manifest"), Files.readAllBytes(other.resolve("backup_manifest")));
            }
        },
        BAD_MANIFEST("manifest checksum mismatch") {
            @Override
            void doTo(VerifyBackupProgramTest test) throws IOException {
                Files.writeString(test.backup.resolve("backup_manifest"), "\n", StandardOpenOption.APPEND);
            }
        };

        private final String said;

        Damage(String said) {
            this.said = said;
        }

        abstract void doTo(VerifyBackupProgramTest test) throws IOException;
    }

    private static String relation = "";

    @BeforeAll
    static void takeBackups() throws Exception {
        original = Files.createTempDirectory(Path.of("/tmp"), "pgark-verified-");
        originalTablespace = original.resolveSibling(original.getFileName() + "-space");
        other = original.resolveSibling(original.getFileName() + "-other");
        try (TestCluster server = TestCluster.of(18)
                .walSegmentMegabytes(1)
                .tablespace("elsewhere")
                .started()) {
            server.execute("create table account as select n as id from generate_series(1, 5000) n");
            server.execute("create table far tablespace elsewhere as select 7 as id");
            relation = server.query("select pg_relation_filepath('account')");
            Path place = server.home().resolve("tablespaces/elsewhere");
            ProgramCall.at(
                            server,
                            new BaseBackupProgram((run, target) -> {
                                throw new AssertionError(target);
                            }),
                            "-D",
                            original,
                            "-c",
                            "fast",
                            "-N",
                            "-T",
                            place + "=" + originalTablespace)
                    .mustSucceed();
        }
        try (TestCluster server = TestCluster.of(18).walSegmentMegabytes(1).started()) {
            ProgramCall.at(
                            server,
                            new BaseBackupProgram((run, target) -> {
                                throw new AssertionError(target);
                            }),
                            "-D",
                            other,
                            "-c",
                            "fast",
                            "-N")
                    .mustSucceed();
        }
    }

    @AfterAll
    static void removeBackups() throws IOException {
        for (Path path : List.of(original, originalTablespace, other)) {
            FileTree.delete(path);
        }
    }

    @BeforeEach
    void copyBackup() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pgark-verify-");
        backup = folder.resolve("backup");
        tablespace = folder.resolve("tablespace");
        FileTree.copy(original, backup, path -> true);
        FileTree.copy(originalTablespace, tablespace, path -> true);
        Path link = only(backup.resolve("pg_tblspc"));
        Files.delete(link);
        Files.createSymbolicLink(link, tablespace);
    }

    @AfterEach
    void removeCopy() throws IOException {
        FileTree.delete(folder);
    }

    private static Path only(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return entries.iterator().next();
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void findsDamage(Damage damage) throws Exception {
        ProgramCall.of(new VerifyBackupProgram(), backup).mustSucceed();
        damage.doTo(this);
        said(ProgramCall.of(new VerifyBackupProgram(), backup), damage);
        Path tars = asTars();
        said(ProgramCall.of(new VerifyBackupProgram(), "--no-parse-wal", tars), damage);
    }

    private static void said(ProgramCall call, Damage damage) {
        assertThat(call.errors()).containsPattern("pg_verifybackup: error: .*" + damage.said);
        assertThat(call.exitCode()).isEqualTo(1);
        assertThat(call.output()).isEmpty();
    }

    /** The backup as upstream's test makes archives of it; the plain one is used up. */
    private Path asTars() throws IOException {
        Path tars = Files.createDirectory(folder.resolve("tars"));
        List<Path> links = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(backup.resolve("pg_tblspc"))) {
            entries.forEach(links::add);
        }
        for (Path link : links) {
            tar(tars.resolve(link.getFileName() + ".tar"), link.toRealPath());
            Files.delete(link);
        }
        tar(tars.resolve("pg_wal.tar"), backup.resolve("pg_wal"));
        FileTree.delete(backup.resolve("pg_wal"));
        Files.move(backup.resolve("backup_manifest"), tars.resolve("backup_manifest"));
        tar(tars.resolve("base.tar"), backup);
        return tars;
    }

    private static void tar(Path archive, Path directory) throws IOException {
        ProgramOutcome outcome =
                ProgramOutcome.of(List.of("tar", "-cf", archive.toString(), "-C", directory.toString(), "."));
        if (outcome.exitStatus() != 0) {
            throw new IOException(outcome.errors());
        }
    }

    @org.junit.jupiter.api.Test
    void readsTheWalThatABackupNeeds() throws Exception {
        Path segment = firstSegment(backup.resolve("pg_wal"));
        byte[] bytes = Files.readAllBytes(segment);
        java.util.Arrays.fill(bytes, 0, bytes.length, (byte) 7);
        Files.write(segment, bytes);
        ProgramCall call = ProgramCall.of(new VerifyBackupProgram(), backup);
        assertThat(call.exitCode()).isEqualTo(1);
        assertThat(call.errors())
                .startsWith("pg_waldump: error: ")
                .contains("pg_verifybackup: error: WAL parsing failed for timeline 1");
        ProgramCall.of(new VerifyBackupProgram(), "-n", backup).mustSucceed();
    }

    private static Path firstSegment(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "0*")) {
            List<Path> found = new ArrayList<>();
            entries.forEach(found::add);
            return found.stream().sorted().findFirst().orElseThrow();
        }
    }

    @org.junit.jupiter.api.Test
    void tellsHowFarItIs() throws Exception {
        ProgramCall call =
                ProgramCall.of(new VerifyBackupProgram(), "-P", backup).mustSucceed();
        assertThat(call.errors()).containsPattern("kB \\(100%\\) verified\n$");
        assertThat(new String(call.bytes(), StandardCharsets.UTF_8)).isEqualTo("backup successfully verified\n");
    }
}
