package org.pgark.physical.walreceiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.embedded.ledger.LedgerVerdict;

/**
 * A primary under load is killed and its disk thrown away, again and again; what is restored has every commit that was
 * acknowledged, and becomes the next primary, on the next timeline.
 */
class ZeroLossTest {
    private static final int BACKUP_EVERY = 20;

    @TempDir
    private Path books;

    @ParameterizedTest
    @EnumSource(FlushMode.class)
    void losesNoCommitThatWasAcknowledged(FlushMode flush) throws Exception {
        rounds(18, flush, 1);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {13, 14, 15, 16, 17})
    void losesNoneWithServersOfAnyVersion(int major) throws Exception {
        rounds(major, FlushMode.DIRECTORY, 2);
    }

    @Test
    @Tag("slow")
    void losesNoneInManyRounds() throws Exception {
        rounds(18, FlushMode.DIRECTORY, Integer.getInteger("pgark.rounds", 200));
    }

    private void rounds(int major, FlushMode flush, int rounds) throws Exception {
        Random random = new Random(20261126);
        try (ReceiverScene scene = ReceiverScene.started(major, Map.of("synchronous_standby_names", "receiver"))) {
            scene.start(scene.request(flush));
            scene.backup();
            for (int round = 1; round <= rounds; round++) {
                try (Ledger ledger = Ledger.start(
                        () -> scene.server().cluster().connect(),
                        "ledger_" + round,
                        2,
                        Duration.ofMillis(1),
                        books.resolve("book_" + round))) {
                    ledger.awaitCommits(20 + random.nextInt(200), Duration.ofSeconds(60));
                    scene.loseServer();
                    ledger.stop();
                    if (flush == FlushMode.REPOSITORY) {
                        // Its host is lost, too.
                        scene.stop();
                        FileTree.delete(scene.directory());
                    } else {
                        scene.uploadAll();
                    }
                    scene.restoreAndGoOn("restored_" + round);
                    LedgerVerdict verdict = ledger.judge(scene.server().jdbc(), new LedgerTarget.Latest());
                    assertThat(verdict.correct())
                            .as("round %d: %s", round, verdict)
                            .isTrue();
                    assertThat(verdict.required()).isPositive();
                }
                if (round < rounds) {
                    scene.awaitStreaming();
                    if (round % BACKUP_EVERY == 0) {
                        scene.backup();
                    }
                }
            }
        }
    }
}
