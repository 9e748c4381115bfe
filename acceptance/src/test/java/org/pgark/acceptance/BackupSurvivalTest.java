package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.ProcessTree;
import org.pgark.testkit.ProgramOutcome;

/** Whatever ends a backup early, nothing of it is listed, and the next one works. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupSurvivalTest {
    private static final int MEGABYTES = 24;

    private final SampleCluster sample;
    private final ProtectedCluster protectedCluster;
    private final Duration wholeBackup;

    BackupSurvivalTest() throws IOException, SQLException {
        sample = SampleCluster.started(18, MEGABYTES);
        protectedCluster = sample.protectedCluster();
        try {
            long begin = System.nanoTime();
            protectedCluster.pgark("backup").mustSucceed();
            wholeBackup = Duration.ofNanos(System.nanoTime() - begin);
        } catch (IOException | RuntimeException e) {
            sample.close();
            throw e;
        }
    }

    @AfterAll
    void removeCluster() throws IOException, SQLException {
        sample.close();
    }

    @Test
    void backupsThatWereKilledAtAnyMomentAreNotListedAndDoNoHarm() throws Exception {
        killBackups(3);
    }

    @Test
    @Tag("slow")
    void sixtyKilledBackupsAreNotListedAndDoNoHarm() throws Exception {
        killBackups(Integer.getInteger("pgark.kills", 60));
    }

    private void killBackups(int times) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int number = 0; number < times; number++) {
            List<String> before = protectedCluster.backups();
            Duration moment = Duration.ofNanos((long) (wholeBackup.toNanos() * (number + random.nextDouble()) / times));
            String when = "killed after " + moment.toMillis() + " ms, seed " + seed;
            int exitStatus;
            try (RunningCommand backup = protectedCluster.start("backup")) {
                backup.endsWithin(moment);
                backup.signal("KILL");
                exitStatus = backup.end().exitStatus();
            }
            // It may end by itself just before the signal reaches it.
            assertThat(exitStatus).as(when).isIn(0, RunningCommand.KILLED);
            protectedCluster.awaitNoSessions();
            List<String> after = protectedCluster.backups();
            if (exitStatus == 0 || !after.equals(before)) {
                // It had come to its end already, which verification shows.
                assertThat(after).as(when).hasSize(before.size() + 1).containsAll(before);
                protectedCluster.pgark("verify", after.getLast()).mustSucceed();
            }
        }
        worksAgain();
    }

    private void worksAgain() throws Exception {
        protectedCluster.awaitNoSessions();
        List<String> before = protectedCluster.backups();
        protectedCluster.pgark("backup").mustSucceed();
        List<String> after = protectedCluster.backups();
        assertThat(after).hasSize(before.size() + 1).containsAll(before);
        protectedCluster.pgark("verify").mustSucceed();
        Path place = protectedCluster.place("restored");
        Path lines = protectedCluster.place("restored-lines");
        protectedCluster
                .pgark(
                        "restore",
                        "--cluster",
                        "main",
                        "--to",
                        place.toString(),
                        "--tablespace",
                        sample.tablespace() + "=" + lines,
                        "--immediate")
                .mustSucceed();
        sample.assertRestored(place);
        FileTree.delete(place);
        FileTree.delete(lines);
    }

    @Test
    void controlCEndsABackupAtEachPhaseWithNothingListed() throws Exception {
        List<String> before = protectedCluster.backups();
        interruptAt("\nfast checkpoint", "--checkpoint", "fast");
        protectedCluster.cluster().execute("UPDATE shop.customer SET note = note");
        interruptAt("\nspread checkpoint", "--checkpoint", "spread");
        interruptAt("copying files:");
        try (ProcessTree worker = protectedCluster.holdArchiving()) {
            interruptAt("waiting for WAL");
            assertThat(worker.members()).isNotEmpty();
        }
        assertThat(protectedCluster.backups()).isEqualTo(before);
        protectedCluster.pgark("backup").mustSucceed();
    }

    private void interruptAt(String phase, String... options) throws IOException {
        String[] words = new String[options.length + 1];
        words[0] = "backup";
        System.arraycopy(options, 0, words, 1, options.length);
        try (RunningCommand backup = protectedCluster.start(words).awaitWords(phase)) {
            backup.signal("INT");
            ProgramOutcome outcome = backup.end();
            assertThat(outcome.exitStatus())
                    .as("%s: %s", phase, outcome.errors())
                    .isEqualTo(130);
            assertThat(outcome.errors()).as(phase).contains("interrupted").doesNotContain("defect");
            assertThat(outcome.output()).as(phase).isEmpty();
        }
        protectedCluster.awaitNoSessions();
    }

    @Test
    void ofTwoBackupsAtOnceTheSecondEndsAsBusy() throws Exception {
        try (ProcessTree worker = protectedCluster.holdArchiving();
                RunningCommand first = protectedCluster.start("backup").awaitWords("waiting for WAL")) {
            ProtectedCluster.Run second = protectedCluster.pgark("backup").mustEndWith(5);
            assertThat(second.errors()).contains("another backup of this cluster is running");
            worker.thaw();
            assertThat(first.end().exitStatus()).isZero();
        }
    }

    @Test
    void backupWhoseServerCrashedFailsClearlyAndTheNextOneWorks() throws Exception {
        List<String> before = protectedCluster.backups();
        try (RunningCommand backup = protectedCluster.start("backup").awaitWords("copying files:")) {
            crash(backup);
            ProgramOutcome outcome = backup.end();
            assertThat(outcome.exitStatus()).as(outcome.errors()).isEqualTo(1);
            assertThat(outcome.errors())
                    .contains("server restarted or connection lost during the backup")
                    .contains("Nothing was kept of this backup.")
                    .doesNotContain("defect");
        }
        assertThat(protectedCluster.backups()).isEqualTo(before);
        protectedCluster.pgark("backup").mustSucceed();
        assertThat(protectedCluster.backups()).hasSize(before.size() + 1);
    }

    @Test
    void backupThatOnlyWaitsForItsWalOutlivesACrashOfTheServer() throws Exception {
        try (ProcessTree worker = protectedCluster.holdArchiving();
                RunningCommand backup = protectedCluster.start("backup").awaitWords("waiting for WAL")) {
            crash(backup);
            worker.thaw();
            ProgramOutcome outcome = backup.end();
            assertThat(outcome.exitStatus()).as(outcome.errors()).isZero();
        }
        protectedCluster.pgark("verify").mustSucceed();
    }

    private void crash(RunningCommand backup) throws IOException, SQLException {
        backup.signal("STOP");
        protectedCluster.cluster().kill();
        protectedCluster.cluster().start();
        backup.signal("CONT");
    }

    @Test
    void unreadableFileFailsTheBackupByItsName() throws Exception {
        Path data = protectedCluster.cluster().dataDirectory();
        String relation = protectedCluster.cluster().query("SELECT pg_relation_filepath('shop.product')");
        unreadable(data.resolve(relation), relation);
        unreadable(data.resolve("pg_xact/0000"), "pg_xact/0000");
        unreadable(data.resolve("pg_xact"), "pg_xact");
        protectedCluster.pgark("backup").mustSucceed();
    }

    private void unreadable(Path file, String name) throws IOException, SQLException {
        List<String> before = protectedCluster.backups();
        // The server's own checkpoint must not need it.
        protectedCluster.cluster().execute("CHECKPOINT");
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        try {
            ProcessBuilder builder = protectedCluster.builder("backup", "--full");
            // Root can read everything, but not in a user namespace of its own, in which the server runs as well.
            builder.command(protectedCluster.cluster().cluster().user().command(builder.command()));
            ProgramOutcome outcome = ProgramOutcome.of(builder);
            assertThat(outcome.errors()).contains("cannot read \"" + name + "\" as user \"");
            assertThat(outcome.exitStatus()).isEqualTo(1);
        } finally {
            Files.setPosixFilePermissions(file, mode);
        }
        assertThat(protectedCluster.backups()).isEqualTo(before);
    }
}
