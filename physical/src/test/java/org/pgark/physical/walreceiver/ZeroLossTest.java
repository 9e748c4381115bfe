package org.pgark.physical.walreceiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
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
        rounds(18, flush, flush == FlushMode.DIRECTORY ? 3 : 1, 0);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {14, 16})
    void losesNoneWithServersOfTheOtherVersions(int major) throws Exception {
        rounds(major, FlushMode.DIRECTORY, 2, 1);
    }

    /** 200 rounds over four versions; in every third one the receiver is killed with its server, or just before. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {13, 15, 17, 18})
    void losesNoneInManyRounds(int major) throws Exception {
        rounds(major, FlushMode.DIRECTORY, Integer.getInteger("pgark.rounds", 200) / 4, 3);
    }

    /** @param killsEvery in which rounds the receiver is a process that is killed, too; 0 for none */
    private void rounds(int major, FlushMode flush, int rounds, int killsEvery) throws Exception {
        long seed = Long.getLong("pgark.seed", System.nanoTime());
        Random random = new Random(seed);
        int required = 0;
        try (ReceiverScene scene = ReceiverScene.started(major, Map.of("synchronous_standby_names", "receiver"))) {
            scene.start(scene.request(flush));
            scene.backup();
            for (int round = 1; round <= rounds; round++) {
                Optional<Process> process = Optional.empty();
                if (killsEvery > 0 && round % killsEvery == 0) {
                    scene.stop();
                    process = Optional.of(ReceiverProcess.start(scene));
                }
                try (Ledger ledger = Ledger.start(
                        () -> scene.server().cluster().connect(),
                        "ledger_" + round,
                        2,
                        Duration.ofMillis(1),
                        books.resolve("book_" + round))) {
                    ledger.awaitCommits(20 + random.nextInt(200), Duration.ofSeconds(60));
                    if (process.isPresent() && random.nextBoolean()) {
                        process.get().destroyForcibly().waitFor();
                    }
                    scene.loseServer();
                    if (process.isPresent()) {
                        process.get().destroyForcibly().waitFor();
                    }
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
                            .as("round %d, seed %d: %s", round, seed, verdict)
                            .isTrue();
                    assertThat(verdict.required()).isPositive();
                    required += verdict.required();
                } finally {
                    process.ifPresent(Process::destroyForcibly);
                }
                if (round < rounds) {
                    if (process.isPresent()) {
                        scene.start(scene.request(flush));
                    } else {
                        scene.awaitStreaming();
                    }
                    if (round % BACKUP_EVERY == 0) {
                        scene.backup();
                    }
                }
            }
        }
        assertThat(required).isGreaterThanOrEqualTo(20 * rounds);
    }
}
