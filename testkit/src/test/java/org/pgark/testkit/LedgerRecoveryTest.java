package org.pgark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerEntry;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.embedded.ledger.LedgerVerdict;

/** The ledger against PostgreSQL's own recovery, without the product: whoever judges must be right himself. */
final class LedgerRecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WRITERS = 3;

    @TempDir
    private Path folder;

    private Path archive;

    @BeforeEach
    void makeAnArchive() throws Exception {
        archive = Files.createDirectory(folder.resolve("archive"));
    }

    @Test
    void atAMarkNothingIsUndecided() throws Exception {
        try (TestCluster primary = primary(17);
                TestCluster copy = copy(primary);
                Ledger ledger = load(primary)) {
            ledger.awaitCommits(100, PATIENCE);
            LedgerMark mark = ledger.mark();
            ledger.awaitCommits(100, PATIENCE);
            stopAndArchive(ledger, primary);

            LedgerVerdict byTime = recovered(
                    copy, ledger, Map.of("time", withOffset(mark.time())), new LedgerTarget.AtTime(mark.time(), true));
            assertThat(byTime.undecided()).isZero();
            assertThat(byTime.present()).isEqualTo(mark.commits());
            LedgerVerdict latest = recovered(copy, ledger, Map.of(), new LedgerTarget.Latest());
            assertThat(latest.present()).isEqualTo(ledger.book().commits());
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {13, 15, 18})
    void agreesWithRecoveryToEveryKindOfTarget(int major) throws Exception {
        try (TestCluster primary = primary(major);
                TestCluster copy = copy(primary);
                Ledger ledger = load(primary)) {
            ledger.awaitCommits(450, PATIENCE);
            ledger.restorePoint("point");
            ledger.awaitCommits(450, PATIENCE);
            stopAndArchive(ledger, primary);

            List<LedgerEntry> entries = ledger.book().committed();
            LedgerEntry middle = entries.get(entries.size() / 2);
            for (boolean inclusive : List.of(true, false)) {
                Map<String, LedgerTarget> targets = Map.of(
                        "time " + withOffset(middle.latest()), new LedgerTarget.AtTime(middle.latest(), inclusive),
                        "lsn " + middle.notBefore(), new LedgerTarget.AtLsn(middle.notBefore(), inclusive),
                        "xid " + middle.transaction(), new LedgerTarget.AtTransaction(middle.transaction(), inclusive));
                for (var target : targets.entrySet()) {
                    String[] setting = target.getKey().split(" ", 2);
                    recovered(
                            copy,
                            ledger,
                            Map.of(setting[0], setting[1], "inclusive", Boolean.toString(inclusive)),
                            target.getValue());
                }
            }
            recovered(copy, ledger, Map.of("name", "point"), new LedgerTarget.AtRestorePoint("point"));
        }
    }

    private TestCluster primary(int major) throws Exception {
        return TestCluster.of(major)
                .walSegmentMegabytes(1)
                .archiveCommand("cp %p " + archive + "/%f")
                .started();
    }

    private TestCluster copy(TestCluster primary) throws Exception {
        return primary.baseCopy(
                Map.of("archive_mode", "off", "restore_command", "cp " + archive + "/%f %p"), "recovery.signal");
    }

    private Ledger load(TestCluster primary) throws Exception {
        return Ledger.start(
                primary.cluster()::connect, "ledger", WRITERS, Duration.ofMillis(1), folder.resolve("book"));
    }

    private void stopAndArchive(Ledger ledger, TestCluster primary) throws Exception {
        ledger.stop();
        String last = primary.switchWal();
        Waiting.until("the last segment is archived", () -> Files.exists(archive.resolve(last)));
    }

    /** Recovers a fresh copy of {@code copy}, and checks that the ledger finds nothing wrong but what is made wrong. */
    private static LedgerVerdict recovered(
            TestCluster copy, Ledger ledger, Map<String, String> recovery, LedgerTarget target) throws Exception {
        Map<String, String> settings = new HashMap<>();
        recovery.forEach((name, value) -> settings.put("recovery_target_" + name, value));
        settings.put("recovery_target_action", "promote");
        try (TestCluster restored = copy.copied(settings)) {
            restored.start();
            restored.cluster().awaitPrimary(PATIENCE);
            try (Connection connection = restored.cluster().connect()) {
                LedgerVerdict verdict = ledger.judge(connection, target);
                assertThat(verdict).as("%s", target).matches(LedgerVerdict::correct);
                assertThat(verdict.undecided()).as("%s", target).isLessThanOrEqualTo(2 * WRITERS);

                restored.execute("delete from ledger.entry where id = 5");
                LedgerVerdict wrong = ledger.judge(connection, target);
                assertThat(wrong.missing()).containsExactly(5L);
                assertThat(wrong.contradictions()).hasSize(1);
                return verdict;
            }
        }
    }

    /** When a server reads this setting it does not know the abbreviations of time zones yet, not even Z. */
    private static String withOffset(Instant time) {
        return time.toString().replace("Z", "+00");
    }

    @Test
    void theLoadGoesOnThroughACrashAndNothingAcknowledgedIsLost() throws Exception {
        try (TestCluster cluster = TestCluster.of(16).started();
                Ledger ledger = load(cluster)) {
            ledger.awaitCommits(200, PATIENCE);
            cluster.kill();
            cluster.start();
            ledger.awaitCommits(200, PATIENCE);
            ledger.stop();

            assertThat(ledger.judge(cluster.jdbc(), new LedgerTarget.Latest())).matches(LedgerVerdict::correct);
            cluster.execute("insert into ledger.entry values (1000000, 1, 0, 'x')");
            assertThat(ledger.judge(cluster.jdbc(), new LedgerTarget.Latest()))
                    .satisfies(verdict -> assertThat(verdict.unexpected()).containsExactly(1_000_000L))
                    .satisfies(verdict ->
                            assertThat(verdict.contradictions()).containsExactly("entry 1000000 has a wrong payload"));
        }
    }
}
