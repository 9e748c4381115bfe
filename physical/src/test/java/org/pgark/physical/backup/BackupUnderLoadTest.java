package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.physical.failure.FailedException;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Backups of servers that are written to or killed meanwhile. */
class BackupUnderLoadTest {
    @TempDir
    private Path folder;

    /** Makes, fills, truncates and drops tables and databases until it is closed. */
    private static final class Churn implements AutoCloseable {
        private final Thread thread;
        private volatile boolean ended;

        Churn(TestCluster cluster) {
            thread = Thread.ofPlatform().daemon().start(() -> run(cluster));
        }

        private void run(TestCluster cluster) {
            try (Connection connection = cluster.cluster().connect();
                    Statement statement = connection.createStatement()) {
                for (int round = 0; !ended; round++) {
                    String table = "churn" + round;
                    statement.execute("create table " + table + " as select repeat('x', 500) x from"
                            + " generate_series(1, 2000)");
                    statement.execute("create index on " + table + " (x)");
                    statement.execute((round % 2 == 0 ? "truncate " : "drop table ") + table);
                    if (round % 10 == 5) {
                        statement.execute("create database churning");
                        statement.execute("drop database churning");
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void aCopyOfAServerUnderLoadRecovers(int major) throws Exception {
        recoversToEveryCommit(major);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {14, 15, 16, 17})
    void aCopyOfAServerOfAnyVersionRecovers(int major) throws Exception {
        recoversToEveryCommit(major);
    }

    private void recoversToEveryCommit(int major) throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = BackupFixture.started(major, Map.of("checkpoint_timeout", "30s"))) {
            TestCluster cluster = fixture.cluster;
            cluster.tablespace("cold");
            cluster.execute("create table elsewhere tablespace cold as select generate_series(1, 50000) id");
            BackupOutcome outcome;
            try (Ledger ledger = Ledger.start(
                    () -> cluster.cluster().connect(), "ledger", 2, Duration.ofMillis(1), folder.resolve("book"))) {
                ledger.awaitCommits(100, Duration.ofSeconds(30));
                try (Churn churn = new Churn(cluster)) {
                    outcome = fixture.backup();
                    assertThat(churn).isNotNull();
                }
                ledger.awaitCommits(50, Duration.ofSeconds(30));
                ledger.stop();
                awaitArchived(fixture, cluster.switchWal());
                assertThat(outcome.damagedPages()).isEmpty();
                new UnpackedBackup(fixture.kept, outcome.record()).writeTo(copy.resolve("data"));
                own(cluster, copy);
                try (TestCluster restored = TestCluster.existing(major, copy.resolve("data"))) {
                    restored.cluster()
                            .configure(Map.of(
                                    "restore_command", "cp " + fixture.incoming + "/%f %p", "archive_mode", "off"));
                    Files.createFile(copy.resolve("data/recovery.signal"));
                    own(cluster, copy);
                    restored.start();
                    restored.cluster().awaitPrimary(Duration.ofSeconds(60));
                    assertThat(restored.query("select count(*) from elsewhere")).isEqualTo("50000");
                    assertThat(ledger.judge(restored.jdbc(), new LedgerTarget.Latest())
                                    .correct())
                            .isTrue();
                }
            }
        } finally {
            FileTree.delete(copy);
        }
    }

    private static void own(TestCluster cluster, Path copy) throws IOException {
        cluster.cluster().user().own(copy);
        try (var files = Files.walk(copy)) {
            for (Path file : files.toList()) {
                if (!Files.isSymbolicLink(file)) {
                    cluster.cluster().user().own(file);
                }
            }
        }
    }

    private static void awaitArchived(BackupFixture fixture, String segment) throws IOException {
        Waiting.until("segment " + segment + " is archived", () -> Files.exists(fixture.incoming.resolve(segment)));
    }

    @Test
    void failsWhenTheServerIsKilledAndCommitsNothing() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(17, Map.of())) {
            AtFirstByte kill = new AtFirstByte(() -> {
                try {
                    fixture.cluster.cluster().kill();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatThrownBy(() -> fixture.backup(fixture.request(), kill))
                    .isInstanceOf(FailedException.class)
                    .hasMessageStartingWith("server restarted or connection lost during the backup: ");
            assertThat(fixture.kept.backups()).isEmpty();

            fixture.cluster.start();
            assertThat(fixture.backup().record().size().files()).isPositive();
            assertThat(fixture.kept.backups()).hasSize(1);
        }
    }
}
