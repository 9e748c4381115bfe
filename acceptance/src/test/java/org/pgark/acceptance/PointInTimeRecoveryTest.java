package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.StopMode;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerEntry;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;

/** Every kind of target, inclusive and exclusive, judged by the ledger that was kept outside of the cluster. */
class PointInTimeRecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void everyKindOfTargetIsReached() throws Exception {
        reach(15, 1);
    }

    /** Between them, the oldest and the newest major reach some of each. */
    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void olderAndNewerServersReachTheirTargets(int major) throws Exception {
        reach(major, 3);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {13, 14, 16, 17, 18})
    void everyMajorReachesEveryKindOfTarget(int major) throws Exception {
        reach(major, 1);
    }

    private static void reach(int major, int step) throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(major);
                Ledger ledger = Ledger.start(
                        protectedCluster.cluster().cluster()::connect,
                        "tellers",
                        3,
                        Duration.ofMillis(1),
                        protectedCluster.place("ledger"))) {
            protectedCluster.pgark("backup").mustSucceed();
            int atBackup = ledger.book().committed().size();
            ledger.awaitCommits(100, PATIENCE);
            LedgerMark mark = ledger.mark();
            ledger.awaitCommits(100, PATIENCE);
            ledger.restorePoint("noted");
            ledger.awaitCommits(100, PATIENCE);
            protectedCluster.cluster().switchWal();
            ledger.awaitCommits(100, PATIENCE);
            ledger.stop();
            protectedCluster.archiveEverything();
            List<LedgerEntry> committed = ledger.book().committed();
            long transaction = committed.get((atBackup + committed.size()) / 2).transaction();

            List<Restore> restores = new ArrayList<>();
            restores.add(new Restore(
                    new LedgerTarget.AtTime(mark.time(), true),
                    "--time",
                    mark.time().toString()));
            restores.add(new Restore(
                    new LedgerTarget.AtTime(mark.time(), false),
                    "--time",
                    mark.time().toString(),
                    "--exclusive"));
            restores.add(new Restore(
                    new LedgerTarget.AtLsn(mark.position(), true),
                    "--lsn",
                    mark.position().toString()));
            restores.add(new Restore(
                    new LedgerTarget.AtLsn(mark.position(), false),
                    "--lsn",
                    mark.position().toString(),
                    "--exclusive"));
            restores.add(new Restore(
                    new LedgerTarget.AtTransaction(transaction, true), "--xid", Long.toString(transaction)));
            restores.add(new Restore(
                    new LedgerTarget.AtTransaction(transaction, false),
                    "--xid",
                    Long.toString(transaction),
                    "--exclusive"));
            restores.add(new Restore(new LedgerTarget.AtRestorePoint("noted"), "--name", "noted"));
            restores.add(new Restore(new LedgerTarget.Latest(), "--latest"));
            for (int number = major % step; number < restores.size(); number += step) {
                restores.get(number).run(protectedCluster, ledger);
            }
        }
    }

    private record Restore(LedgerTarget target, List<String> options) {
        Restore(LedgerTarget target, String... options) {
            this(target, List.of(options));
        }

        void run(ProtectedCluster protectedCluster, Ledger ledger) throws Exception {
            Path place = protectedCluster.place("restored");
            List<String> words = new ArrayList<>(List.of("restore", "--cluster", "main", "--to", place.toString()));
            words.addAll(options);
            protectedCluster.pgark(words.toArray(String[]::new)).mustSucceed();
            Cluster server = protectedCluster.startRestored(place);
            try (Connection connection = server.connect()) {
                assertThat(ledger.judge(connection, target))
                        .as("PostgreSQL %s, %s", protectedCluster.major(), String.join(" ", options))
                        .matches(verdict -> verdict.correct());
            }
            server.stop(StopMode.IMMEDIATE);
            FileTree.delete(place);
        }
    }
}
