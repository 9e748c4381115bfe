package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;

/**
 * Hosts whose clock is wrong. Their backups are made here from the record of a real one, whose times are moved: the
 * clock of a test's host cannot be put back.
 */
class WrongClockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whichBackupIsTheLatestIsDecidedByTheOrderInTheLogWhateverTheClocksSaid() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(15);
                Ledger ledger = Ledger.start(
                        protectedCluster.cluster().cluster()::connect,
                        "tellers",
                        2,
                        Duration.ofMillis(1),
                        protectedCluster.place("tellers.ledger"))) {
            protectedCluster.pgark("backup").mustSucceed();
            ledger.awaitCommits(30, PATIENCE);
            LedgerMark mark = ledger.mark();
            ledger.awaitCommits(30, PATIENCE);
            ledger.stop();
            protectedCluster.archiveEverything();
            String real = protectedCluster.backups().getFirst();
            String ahead = committedAgain(protectedCluster, Duration.ofDays(1));
            String behind = committedAgain(protectedCluster, Duration.ofDays(-1));

            assertThat(protectedCluster.backups()).containsExactly(real, ahead, behind);
            assertThat(protectedCluster.pgark("show", "latest").mustSucceed().output())
                    .contains(behind);
            assertThat(planned(protectedCluster)).isEqualTo(behind);
            assertThat(planned(protectedCluster, "--lsn", mark.position().toString()))
                    .isEqualTo(behind);
            String time = mark.time().toString();
            assertThat(planned(protectedCluster, "--backup", real, "--time", time))
                    .isEqualTo(real);

            Cluster restored = protectedCluster.restored("--time", time);
            try (Connection connection = restored.connect()) {
                assertThat(ledger.judge(connection, new LedgerTarget.AtTime(mark.time(), true)))
                        .matches(verdict -> verdict.correct());
            }
        }
    }

    private static String planned(ProtectedCluster protectedCluster, String... options) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of(
                "restore",
                "--cluster",
                "main",
                "--dry-run",
                "--json",
                "--to",
                protectedCluster.place("nowhere").toString()));
        words.addAll(List.of(options));
        return protectedCluster
                .pgark(words.toArray(String[]::new))
                .mustSucceed()
                .json()
                .get("backup")
                .asString();
    }

    /** Commits the first backup once more, as a host would have whose clock goes wrong by {@code shift}. */
    private static String committedAgain(ProtectedCluster protectedCluster, Duration shift) throws Exception {
        Random random = new Random();
        try (ObjectStore store = ObjectStores.open(RepositoryUrl.of(protectedCluster.repository()));
                Repository repository = Repository.open(
                        store, Optional.empty(), InstantSource.offset(InstantSource.system(), shift), random)) {
            ClusterRepository cluster =
                    repository.open(repository.cluster("main").newest().orElseThrow());
            BackupRecord real = cluster.backups().getFirst();
            BackupId id = BackupId.create(real.startTime().plus(shift), random);
            BackupSession session = cluster.beginBackup("wrong clock", real.id());
            session.commit(
                    new BackupRecord(
                            id,
                            real.basis(),
                            real.labels(),
                            real.note(),
                            real.pgarkVersion(),
                            real.compression(),
                            real.startTime().plus(shift),
                            real.stopTime().plus(shift),
                            real.wal(),
                            real.server(),
                            real.size(),
                            real.manifest(),
                            real.relationNames()),
                    cluster.packs(real.id()));
            return id.toString();
        }
    }
}
