package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.StopMode;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.testkit.TestCluster;
import tools.jackson.databind.JsonNode;

/** A cluster that was taken back in time where it lies, and lives on there along a new timeline. */
class InPlaceRecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(1);

    @Test
    void aClusterThatWentBackInTimeArchivesOnAndEitherTimelineCanStillBeRestored() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(15)) {
            TestCluster cluster = protectedCluster.cluster();
            protectedCluster.pgark("backup").mustSucceed();
            Ledger first =
                    Ledger.start(cluster.cluster()::connect, "first", 2, PAUSE, protectedCluster.place("first.ledger"));
            first.awaitCommits(100, PATIENCE);
            LedgerMark wanted = first.mark();
            first.awaitCommits(100, PATIENCE);
            first.close();
            protectedCluster.archiveEverything();

            backInTime(protectedCluster, "--time", wanted.time().toString());
            judge(cluster.cluster(), first, new LedgerTarget.AtTime(wanted.time(), true));

            Ledger second = Ledger.start(
                    cluster.cluster()::connect, "second", 2, PAUSE, protectedCluster.place("second.ledger"));
            second.awaitCommits(100, PATIENCE);
            LedgerMark later = second.mark();
            second.awaitCommits(100, PATIENCE);
            second.close();
            String segment = protectedCluster.archiveEverything();
            assertThat(segment).startsWith("00000002");
            assertThat(protectedCluster.archived("00000002.history")).isPresent();
            assertThat(timelines(protectedCluster)).containsExactly(1, 2);

            Cluster alongFirst = protectedCluster.restored("--timeline", "1");
            judge(alongFirst, first, new LedgerTarget.Latest());
            alongFirst.stop(StopMode.IMMEDIATE);
            Cluster alongSecond = protectedCluster.restored(
                    "--timeline", "2", "--time", later.time().toString());
            judge(alongSecond, second, new LedgerTarget.AtTime(later.time(), true));
            judge(alongSecond, first, new LedgerTarget.AtTime(wanted.time(), true));
            alongSecond.stop(StopMode.IMMEDIATE);

            backInTime(protectedCluster, "--timeline", "1");
            judge(cluster.cluster(), first, new LedgerTarget.Latest());
            assertThat(protectedCluster.archiveEverything()).startsWith("00000003");
            protectedCluster.pgark("backup").mustSucceed();
            assertThat(timelines(protectedCluster)).containsExactly(1, 2, 3);
        }
    }

    private static void backInTime(ProtectedCluster protectedCluster, String... options) throws Exception {
        TestCluster cluster = protectedCluster.cluster();
        cluster.stop(StopMode.FAST);
        Path place = cluster.dataDirectory();
        List<String> words =
                new ArrayList<>(List.of("restore", "--cluster", "main", "--to", place.toString(), "--delta"));
        words.addAll(List.of(options));
        protectedCluster.pgark(words.toArray(String[]::new)).mustSucceed();
        cluster.start();
        cluster.cluster().awaitPrimary(PATIENCE);
    }

    private static void judge(Cluster server, Ledger ledger, LedgerTarget target) throws Exception {
        try (Connection connection = server.connect()) {
            assertThat(ledger.judge(connection, target)).matches(verdict -> verdict.correct());
        }
    }

    private static List<Integer> timelines(ProtectedCluster protectedCluster) throws Exception {
        List<Integer> timelines = new ArrayList<>();
        for (JsonNode window :
                protectedCluster.pgark("list", "--json").mustSucceed().json().at("/clusters/0/windows")) {
            timelines.add(window.get("timeline").asInt());
        }
        return timelines;
    }
}
