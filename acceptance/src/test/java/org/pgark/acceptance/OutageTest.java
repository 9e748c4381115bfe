package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Servers in recovery while the repository cannot be reached. */
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(1);

    @Test
    void aServerInRecoveryWaitsForAnOutageToEndAndThenReachesItsTarget() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(segments(13), 13)) {
            Ledger ledger = written(protectedCluster, 6);
            Path place = protectedCluster.restore();
            Cluster server = protectedCluster.launchRestored(place);
            Path away = outage(protectedCluster);
            server.launch();
            awaitTrouble(server);
            assertThat(place.resolve("recovery.signal")).exists();

            Files.move(away, protectedCluster.repository());
            server.awaitPrimary(PATIENCE);
            judge(server, ledger, new LedgerTarget.Latest());
        }
    }

    @Test
    @Tag("slow")
    void aServerInRecoveryThatAnOutageOutlastsStopsInsteadOfEndingRecoveryEarly() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(segments(15), 15)) {
            Ledger ledger = written(protectedCluster, 6);
            ledger.restorePoint("noted");
            protectedCluster.archiveEverything();
            Path place = protectedCluster.restore("--name", "noted");
            String settings = Files.readString(place.resolve("postgresql.auto.conf"));
            withTimeouts(place, "PGARK_ARCHIVE_GET_TIMEOUT=2");
            Cluster server = protectedCluster.launchRestored(place);
            Path away = outage(protectedCluster);
            server.launch();
            assertThat(server.awaitEnd(PATIENCE)).isNotZero();
            assertThat(Files.readString(server.logFile()))
                    .contains("could not be fetched in 2 s")
                    .contains("Recovery stops here so that it does not end early");
            assertThat(place.resolve("recovery.signal")).exists();

            Files.move(away, protectedCluster.repository());
            Files.writeString(place.resolve("postgresql.auto.conf"), settings);
            server.start();
            server.awaitPrimary(PATIENCE);
            judge(server, ledger, new LedgerTarget.AtRestorePoint("noted"));
        }
    }

    @Test
    void aStandbyStaysUpAndGoesOnStreamingThroughAnOutage() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(segments(18), 18)) {
            TestCluster primary = protectedCluster.cluster();
            Ledger ledger = written(protectedCluster, 3);
            Path place = protectedCluster.restore("--standby");
            withTimeouts(place, "PGARK_ARCHIVE_GET_TIMEOUT=2");
            Files.writeString(
                    place.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + primary.port() + " user=postgres'\n",
                    StandardOpenOption.APPEND);
            Cluster standby = protectedCluster.launchRestored(place);
            standby.start();
            awaitStreaming(primary);

            Path away = outage(protectedCluster);
            primary.execute("CREATE TABLE during_outage AS SELECT 1 AS id");
            awaitRow(standby, "during_outage");
            primary.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
            awaitStreaming(primary);
            primary.execute("CREATE TABLE after_a_break AS SELECT 1 AS id");
            awaitRow(standby, "after_a_break");
            assertThat(standby.running()).isTrue();

            Files.move(away, protectedCluster.repository());
            judge(standby, ledger, new LedgerTarget.Latest());
        }
    }

    private static TestCluster.Builder segments(int major) {
        return TestCluster.of(major).walSegmentMegabytes(1);
    }

    /** A ledger that wrote through a backup and some segments after it, all of it archived. */
    private static Ledger written(ProtectedCluster protectedCluster, int segments) throws Exception {
        TestCluster cluster = protectedCluster.cluster();
        Ledger ledger =
                Ledger.start(cluster.cluster()::connect, "tellers", 2, PAUSE, protectedCluster.place("tellers.ledger"));
        protectedCluster.pgark("backup").mustSucceed();
        for (int count = 0; count < segments; count++) {
            ledger.awaitCommits(20, PATIENCE);
            cluster.switchWal();
        }
        ledger.stop();
        protectedCluster.archiveEverything();
        return ledger;
    }

    /** Ends the worker, so that nothing lies fetched already, and takes the repository away. */
    private static Path outage(ProtectedCluster protectedCluster) throws Exception {
        protectedCluster.worker().ifPresent(worker -> {
            worker.destroyForcibly();
            worker.onExit().join();
        });
        Path away = protectedCluster.place("repository-away");
        return Files.move(protectedCluster.repository(), away);
    }

    private static void withTimeouts(Path place, String variables) throws Exception {
        Path settings = place.resolve("postgresql.auto.conf");
        String text = Files.readString(settings);
        String changed = text.replaceFirst("(?m)^restore_command = '", "restore_command = '" + variables + " ");
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(settings, changed);
    }

    private static void awaitTrouble(Cluster server) throws Exception {
        Waiting.until(
                "restore_command tells of the outage",
                PATIENCE,
                () -> Files.readString(server.logFile()).contains("pgark-wal: error: "));
    }

    private static void awaitStreaming(TestCluster primary) throws Exception {
        Waiting.until(
                "the standby streams",
                PATIENCE,
                () -> primary.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                        .equals("1"));
    }

    private static void awaitRow(Cluster standby, String table) throws Exception {
        Waiting.until(table + " has reached the standby", PATIENCE, () -> {
            try (Connection connection = standby.connect();
                    var statement = connection.createStatement()) {
                return statement.executeQuery("SELECT * FROM " + table).next();
            }
        });
    }

    private static void judge(Cluster server, Ledger ledger, LedgerTarget target) throws Exception {
        try (Connection connection = server.connect()) {
            assertThat(ledger.judge(connection, target)).matches(verdict -> verdict.correct());
        }
    }
}
