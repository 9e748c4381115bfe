package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.SmallFileSystem;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A repository without room. */
class FullRepositoryTest {
    private static final long ROOM = 64L << 20;

    @Test
    void fullRepositoryFailsTheBackupByNameAndArchivingGoesOnByItselfOnceThereIsRoom() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (SmallFileSystem disk = SmallFileSystem.mount(ROOM);
                ProtectedCluster protectedCluster = ProtectedCluster.started(
                        TestCluster.of(13), 13, disk.folder().resolve("repository"))) {
            protectedCluster.pgark("backup").mustSucceed();
            List<String> before = protectedCluster.backups();
            protectedCluster.archiveEverything();
            Path ballast = disk.fill();

            ProtectedCluster.Run backup = protectedCluster.pgark("backup").mustEndWith(1);
            assertThat(backup.errors())
                    .containsPattern(
                            "error: cannot write object \"clusters/[0-9a-f]+/(log|packs)/[0-9a-f/]+\" in file:")
                    .contains("No space left on device")
                    .doesNotContain("defect");
            assertThat(backup.errors().lines().filter(line -> line.contains("error:")))
                    .hasSize(1);
            assertThat(protectedCluster.backups()).isEqualTo(before);

            TestCluster cluster = protectedCluster.cluster();
            String segment = cluster.switchWal();
            Waiting.until(
                    "the server has seen archiving fail",
                    Cluster.PATIENCE,
                    () -> !cluster.query("SELECT failed_count FROM pg_stat_archiver")
                            .equals("0"));
            assertThat(Files.readString(cluster.cluster().logFile()))
                    .contains("archive command failed with exit code 1")
                    .contains("No space left on device");
            ProcessBuilder push = new ProcessBuilder(ProtectedCluster.program("pgark-wal"), "push", "pg_wal/" + segment)
                    .directory(cluster.dataDirectory().toFile());
            push.environment().putAll(protectedCluster.environment());
            ProgramOutcome refused = ProgramOutcome.of(push);
            assertThat(refused.exitStatus()).as(refused.errors()).isEqualTo(1);
            assertThat(refused.errors()).contains(segment).contains("No space left on device");
            assertThat(protectedCluster.archived(segment)).isEmpty();

            Files.delete(ballast);
            Waiting.until(
                    "segment " + segment + " is archived",
                    Cluster.PATIENCE,
                    () -> protectedCluster.archived(segment).isPresent());
            protectedCluster.pgark("backup").mustSucceed();
            assertThat(protectedCluster.backups()).hasSize(before.size() + 1);
        }
    }

    @Test
    void fullRepositoryCanBeMadeSmaller() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (SmallFileSystem disk = SmallFileSystem.mount(ROOM);
                ProtectedCluster protectedCluster = ProtectedCluster.started(
                        TestCluster.of(18), 18, disk.folder().resolve("repository"))) {
            Files.writeString(
                    protectedCluster.folder().resolve("pgark.toml"),
                    "\n[cluster.main.keep]\nlast = 1\n",
                    StandardOpenOption.APPEND);
            protectedCluster.pgark("backup").mustSucceed();
            protectedCluster
                    .cluster()
                    .execute("CREATE TABLE t AS SELECT md5(i::text) FROM generate_series(1, 100000) i");
            protectedCluster.pgark("backup").mustSucceed();
            protectedCluster.cluster().execute("DROP TABLE t");
            protectedCluster.pgark("backup").mustSucceed();
            List<String> before = protectedCluster.backups();
            disk.fill();
            protectedCluster.pgark("backup").mustEndWith(1);

            protectedCluster.pgark("delete", before.getFirst()).mustSucceed();
            assertThat(protectedCluster.backups()).containsExactlyElementsOf(before.subList(1, 3));
            protectedCluster.pgark("expire").mustSucceed();

            assertThat(protectedCluster.backups()).containsExactly(before.getLast());
            protectedCluster.pgark("backup").mustSucceed();
            protectedCluster.pgark("verify", "--all").mustSucceed();
        }
    }
}
