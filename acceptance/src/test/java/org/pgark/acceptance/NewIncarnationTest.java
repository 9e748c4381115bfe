package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.StopMode;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A cluster that is initialised anew in the same place, so that its segments have the names of those before. */
class NewIncarnationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void aClusterInitialisedAnewArchivesOnlyOnceItIsKnownAndTheOldBackupsStay() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(18)) {
            TestCluster cluster = protectedCluster.cluster();
            Ledger ledger = Ledger.start(
                    cluster.cluster()::connect, "old", 2, Duration.ofMillis(1), protectedCluster.place("old.ledger"));
            ledger.awaitCommits(50, PATIENCE);
            protectedCluster.pgark("backup").mustSucceed();
            ledger.awaitCommits(50, PATIENCE);
            ledger.close();
            String last = protectedCluster.archiveEverything();
            String command = cluster.query("SELECT current_setting('archive_command')");
            String oldBackup = protectedCluster.backups().getFirst();

            initialiseAnew(cluster, command);
            String again = cluster.switchWal();
            assertThat(again).isLessThanOrEqualTo(last);
            byte[] before = Files.readAllBytes(protectedCluster.archived(again).orElseThrow());
            Waiting.until(
                    "the push is refused",
                    PATIENCE,
                    () -> Long.parseLong(cluster.query("SELECT failed_count FROM pg_stat_archiver")) > 0);
            String system = cluster.query("SELECT system_identifier FROM pg_control_system()");
            assertThat(Files.readString(cluster.cluster().logFile()))
                    .contains("pgark-wal: error: this data directory has system identifier " + system
                            + ", but cluster \"main\" is registered with ")
                    .contains("HINT: If the cluster was initialised anew, run \"pgark init\" for it;"
                            + " its old backups stay.");
            assertThat(protectedCluster.pgark("backup").exitCode()).isEqualTo(4);

            protectedCluster
                    .pgark(
                            "init",
                            "--cluster",
                            "main",
                            "--pgdata",
                            cluster.dataDirectory().toString(),
                            "--apply")
                    .mustSucceed();
            cluster.execute("CREATE TABLE anew (id int)");
            protectedCluster.pgark("backup").mustSucceed();
            protectedCluster.archiveEverything();
            Waiting.until(
                    "the server knows it",
                    PATIENCE,
                    () -> cluster.query("SELECT last_archived_wal >= '" + again + "' FROM pg_stat_archiver")
                            .equals("t"));
            assertThat(everyArchived(protectedCluster, again)).hasSize(2).contains(before);
            assertThat(protectedCluster.backups()).hasSize(2).startsWith(oldBackup);

            Cluster old = protectedCluster.restored("--backup", oldBackup);
            try (Connection connection = old.connect()) {
                assertThat(ledger.judge(connection, new LedgerTarget.Latest())).matches(verdict -> verdict.correct());
            }
            Cluster newest = protectedCluster.restored();
            try (Connection connection = newest.connect();
                    var statement = connection.createStatement()) {
                assertThat(statement.executeQuery("SELECT * FROM anew").next()).isFalse();
            }
        }
    }

    private static void initialiseAnew(TestCluster cluster, String archiveCommand) throws Exception {
        cluster.stop(StopMode.FAST);
        Path data = cluster.dataDirectory();
        FileTree.delete(data);
        try (TestCluster fresh = TestCluster.of(18).created()) {
            Files.move(fresh.dataDirectory(), data);
        }
        cluster.cluster().configure(Map.of("archive_mode", "on", "archive_command", archiveCommand));
        cluster.start();
    }

    private static List<byte[]> everyArchived(ProtectedCluster protectedCluster, String segment) throws Exception {
        try (var files = Files.walk(protectedCluster.repository())) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().equals(segment))
                    .toList();
            List<byte[]> contents = new java.util.ArrayList<>();
            for (Path file : found) {
                contents.add(Files.readAllBytes(file));
            }
            return contents;
        }
    }
}
