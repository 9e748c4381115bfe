package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.testkit.TestCluster;

/** Sizes of WAL segments other than the usual 16 MB. */
class SegmentSizeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    @Tag("slow")
    void segmentsOfOneMegabyteAreArchivedAndReplayedToTheInstant() throws Exception {
        isRestoredToTheInstant(15, 1);
    }

    @Test
    @Tag("slow")
    void segmentsOfSixtyFourMegabytesAreArchivedAndReplayedToTheInstant() throws Exception {
        isRestoredToTheInstant(18, 64);
    }

    private static void isRestoredToTheInstant(int major, int megabytes) throws Exception {
        try (ProtectedCluster protectedCluster =
                        ProtectedCluster.started(TestCluster.of(major).walSegmentMegabytes(megabytes), major);
                Ledger ledger = Ledger.start(
                        protectedCluster.cluster().cluster()::connect,
                        "tellers",
                        2,
                        Duration.ofMillis(1),
                        protectedCluster.place("tellers.ledger"))) {
            protectedCluster.pgark("backup").mustSucceed();
            ledger.awaitCommits(100, PATIENCE);
            protectedCluster
                    .cluster()
                    .execute("CREATE TABLE bulk AS SELECT g, repeat(md5(g::text), 20) FROM" + " generate_series(1, "
                            + 3000 * megabytes + ") g");
            LedgerMark mark = ledger.mark();
            ledger.awaitCommits(100, PATIENCE);
            ledger.stop();
            protectedCluster.archiveEverything();

            Cluster restored = protectedCluster.restored("--time", mark.time().toString());
            try (Connection connection = restored.connect()) {
                assertThat(ledger.judge(connection, new LedgerTarget.AtTime(mark.time(), true)))
                        .matches(verdict -> verdict.correct());
            }
        }
    }
}
