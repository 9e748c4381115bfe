package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.StopMode;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;
import tools.jackson.databind.JsonNode;

/** What happens to the archive worker must not reach the archive, nor the server. */
class WorkerSurvivalTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SEED = 20261122;

    private interface Mishap {
        void happen(ProtectedCluster protectedCluster) throws Exception;
    }

    @Test
    @Tag("slow")
    void everythingIsArchivedHoweverOftenTheWorkerIsKilled() throws Exception {
        everythingIsArchivedThough(
                18, 16, protectedCluster -> protectedCluster.worker().ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void everythingIsArchivedThoughTheSpoolIsRemovedAtAnyTime() throws Exception {
        everythingIsArchivedThough(
                15,
                5,
                protectedCluster -> ProgramOutcome.of(List.of(
                        "rm", "-rf", protectedCluster.folder().resolve("spool").toString())));
    }

    private static void everythingIsArchivedThough(int major, int times, Mishap mishap) throws Exception {
        Random random = new Random(SEED);
        try (ProtectedCluster protectedCluster =
                        ProtectedCluster.started(TestCluster.of(major).walSegmentMegabytes(1), major);
                Ledger ledger = Ledger.start(
                        protectedCluster.cluster().cluster()::connect,
                        "tellers",
                        2,
                        Duration.ofMillis(1),
                        protectedCluster.place("tellers.ledger"))) {
            protectedCluster.pgark("backup").mustSucceed();
            for (int round = 0; round < times; round++) {
                for (int count = 0; count < 3; count++) {
                    ledger.awaitCommits(1 + random.nextInt(15), PATIENCE);
                    protectedCluster.cluster().switchWal();
                }
                mishap.happen(protectedCluster);
            }
            ledger.stop();
            String last = protectedCluster.cluster().switchWal();
            Waiting.until(
                    "everything is archived",
                    PATIENCE,
                    () -> protectedCluster.archived(last).isPresent());

            JsonNode runs = protectedCluster
                    .pgark("wal", "list", "--json")
                    .mustSucceed()
                    .json()
                    .at("/clusters/0/runs");
            assertThat(runs).as("WAL without a gap").hasSize(1);
            assertThat(runs.at("/0/last").asString()).isEqualTo(last);
            Cluster restored = protectedCluster.restored();
            try (Connection connection = restored.connect()) {
                assertThat(ledger.judge(connection, new LedgerTarget.Latest())).matches(verdict -> verdict.correct());
            }
        }
    }

    @Test
    void aWorkerNeitherDelaysTheServersStopNorHangsItsLogCollectorNorInheritsItsOomScore() throws Exception {
        try (ProtectedCluster protectedCluster =
                ProtectedCluster.started(TestCluster.of(13).with("logging_collector", "on"), 13)) {
            TestCluster cluster = protectedCluster.cluster();
            protectedCluster.worker().ifPresent(ProcessHandle::destroyForcibly);
            List<ProcessHandle> server = new java.util.ArrayList<>(
                    cluster.cluster().postmaster().descendants().toList());
            server.add(cluster.cluster().postmaster());
            for (ProcessHandle process : server) {
                Files.writeString(procFile(process, "oom_score_adj"), "300");
            }
            protectedCluster.archiveEverything();
            ProcessHandle worker = protectedCluster.worker().orElseThrow();
            assertThat(Files.readString(procFile(worker, "oom_score_adj")).strip())
                    .isEqualTo("0");

            long begun = System.nanoTime();
            cluster.stop(StopMode.FAST);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            Waiting.until(
                    "the log collector has ended too", () -> server.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(worker.isAlive()).isTrue();
        }
    }

    private static Path procFile(ProcessHandle process, String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }
}
