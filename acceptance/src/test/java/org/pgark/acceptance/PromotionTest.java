package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A standby that becomes the primary while the old one still writes. */
class PromotionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(1);

    @Test
    void afterAPromotionEitherTimelineCanBeRestoredAndHistoryAndPartialAreArchived() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(13)) {
            TestCluster primary = protectedCluster.cluster();
            protectedCluster.pgark("backup").mustSucceed();
            Ledger old =
                    Ledger.start(primary.cluster()::connect, "old", 2, PAUSE, protectedCluster.place("old.ledger"));
            try (TestCluster standby = primary.standby().started();
                    OtherHost host = OtherHost.like(protectedCluster, standby.dataDirectory())) {
                Path automatic = standby.dataDirectory().resolve("postgresql.auto.conf");
                Files.writeString(
                        automatic, Files.readString(automatic) + "archive_command = '" + host.archiveCommand() + "'\n");
                standby.reconfigure(Map.of());
                old.awaitCommits(50, PATIENCE);
                LedgerMark mark = old.mark();
                Waiting.until(
                        "the standby has it all",
                        PATIENCE,
                        () -> standby.query("SELECT pg_last_wal_replay_lsn() >= '" + mark.position() + "'::pg_lsn")
                                .equals("t"));
                standby.cluster().promote();
                Ledger promoted = Ledger.start(
                        standby.cluster()::connect, "promoted", 2, PAUSE, protectedCluster.place("promoted.ledger"));
                promoted.awaitCommits(50, PATIENCE);
                old.awaitCommits(50, PATIENCE);
                old.close();
                promoted.close();
                assertThat(protectedCluster.archiveEverything()).startsWith("00000001");
                String segment = standby.switchWal();
                assertThat(segment).startsWith("00000002");
                Waiting.until(
                        "segment " + segment + " is archived",
                        PATIENCE,
                        () -> protectedCluster.archived(segment).isPresent());
                String files = protectedCluster
                        .pgark("wal", "list", "--files")
                        .mustSucceed()
                        .output();
                assertThat(files).contains("00000002.history").containsPattern("00000001[0-9A-F]{16}\\.partial");

                Cluster alongFirst = protectedCluster.restored("--timeline", "1");
                judge(alongFirst, old, new LedgerTarget.Latest());
                Cluster alongSecond = protectedCluster.restored("--timeline", "2");
                judge(alongSecond, promoted, new LedgerTarget.Latest());
                judge(alongSecond, old, new LedgerTarget.NotBefore(mark.position()));
            }
        }
    }

    private static void judge(Cluster server, Ledger ledger, LedgerTarget target) throws Exception {
        try (Connection connection = server.connect()) {
            assertThat(ledger.judge(connection, target)).matches(verdict -> verdict.correct());
        }
    }
}
