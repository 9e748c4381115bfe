package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.ledger.Ledger;
import org.pgark.embedded.ledger.LedgerTarget;
import org.pgark.embedded.ledger.WalPosition;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.Said;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RecoveryPlanner;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.VerificationResult;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Backups of a standby: whole without the primary, and no more than the standby has. */
class StandbyBackupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Path home = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("pgark-restored-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void removeHome() throws IOException {
        FileTree.delete(home);
    }

    /** Keeps what a backup says. */
    private static final class Heard extends Said {
        private final Callable<?> whileCopying;

        Heard(Callable<?> whileCopying) {
            this.whileCopying = whileCopying;
        }

        @Override
        public void phase(String name) {
            if (name.equals("copying files")) {
                try {
                    whileCopying.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static void awaitReplayed(TestCluster primary, TestCluster standby) throws Exception {
        String position = primary.query("select pg_current_wal_flush_lsn()");
        Waiting.until(
                "the standby has replayed up to " + position,
                () -> standby.query("select pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn")
                        .equals("t"));
    }

    private TestCluster restored(ArchivingCluster original, BackupRecord backup, RecoveryTarget target)
            throws Exception {
        Path to = home.resolve("restored" + Objects.requireNonNull(home.toFile().list()).length);
        RestorePlan plan = Restore.plan(
                original.repository(),
                RestoreRequest.of(ArchivingCluster.NAME, to, original.restoreCommand())
                        .from(backup.id().toString())
                        .until(target)
                        .in(ZoneOffset.UTC));
        new Restore(ProgressListener.SILENT).run(plan);
        TestCluster restored = TestCluster.existing(original.major().number(), to);
        try {
            restored.cluster().start();
            restored.cluster().awaitPrimary(PATIENCE);
        } catch (IOException | RuntimeException e) {
            restored.close();
            throw e;
        }
        return restored;
    }

    private static void assertSound(ArchivingCluster original, BackupRecord backup) throws Exception {
        VerificationResult result = BackupVerification.run(original.source(), backup, 2, ProgressListener.SILENT);
        assertThat(result.damages()).isEmpty();
    }

    private static List<RecoveryWindow> windows(ArchivingCluster original) throws Exception {
        return new RecoveryPlanner(
                        ArchivingCluster.NAME,
                        original.source().backups().stream()
                                .map(BackupPoint::of)
                                .toList(),
                        new RepositoryWal(original.source()),
                        ZoneOffset.UTC)
                .windows();
    }

    @Test
    void underLoadItIsConsistentAtItsEndAndTheArchiveGoesOnFromThere() throws Exception {
        underLoad(15);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {13, 14, 16, 17, 18})
    void underLoadOfAnyVersion(int major) throws Exception {
        underLoad(major);
    }

    private void underLoad(int major) throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(major, options -> options)) {
            TestCluster primary = original.cluster();
            try (TestCluster standby = primary.standby().started();
                    Ledger ledger = Ledger.start(
                            primary.cluster()::connect, "ledger", 2, Duration.ofMillis(1), home.resolve("book"))) {
                ledger.awaitCommits(200, PATIENCE);

                BackupRecord backup = original.backup(standby, ProgressListener.SILENT);

                assertThat(backup.server().standby()).isTrue();
                assertThat(backup.wal().carriedFrom()).isPresent();
                assertThat(backup.size().damagedPages()).isZero();
                assertSound(original, backup);
                try (TestCluster immediate = restored(original, backup, RecoveryTarget.IMMEDIATE)) {
                    assertThat(ledger.judge(
                                    immediate.jdbc(),
                                    new LedgerTarget.NotBefore(WalPosition.parse(
                                            backup.wal().stopLsn().toString()))))
                            .matches(verdict -> verdict.correct());
                }
                ledger.awaitCommits(50, PATIENCE);
                ledger.stop();
                original.archiveAll();
                try (TestCluster latest = restored(original, backup, RecoveryTarget.LATEST)) {
                    assertThat(ledger.judge(latest.jdbc(), new LedgerTarget.Latest()))
                            .matches(verdict -> verdict.correct());
                }
            }
        }
    }

    @Test
    void needsNoPrimary() throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(18, options -> options);
                TestCluster standby = original.cluster().standby().started()) {
            original.cluster().execute("create table item as select generate_series(1, 20000) id");
            awaitReplayed(original.cluster(), standby);
            original.cluster().kill();

            BackupRecord backup = original.backup(standby, ProgressListener.SILENT);

            assertThat(backup.server().standby()).isTrue();
            assertSound(original, backup);
            try (TestCluster restored = restored(original, backup, RecoveryTarget.IMMEDIATE)) {
                assertThat(restored.query("select sum(id) from item")).isEqualTo("200010000");
                assertThat(restored.dataDirectory()
                                .resolve("pg_wal/archive_status")
                                .resolve(backup.wal().last() + ".done"))
                        .exists();
            }
        }
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {13, 15, 18})
    void sharesWithABackupThatHadAPrimary(int major) throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(major, options -> options);
                TestCluster standby = original.cluster().standby().started()) {
            TestCluster primary = original.cluster();
            primary.execute("create table item as select generate_series(1, 20000) id; checkpoint");
            awaitReplayed(primary, standby);
            BackupRecord first = original.backup(standby, ProgressListener.SILENT);
            primary.execute("insert into item select generate_series(20001, 40000)");
            awaitReplayed(primary, standby);
            primary.kill();

            BackupRecord second = original.backup(standby, ProgressListener.SILENT);

            assertThat(second.basis().base()).contains(first.id());
            assertThat(second.wal().carriedFrom()).isPresent();
            assertSound(original, second);
            assertThat(windows(original)).anySatisfy(window -> {
                assertThat(window.toLsn()).isGreaterThanOrEqualTo(second.wal().stopLsn());
                assertThat(window.toTime()).isBefore(second.startTime());
            });
            for (RecoveryTarget target : List.of(RecoveryTarget.IMMEDIATE, RecoveryTarget.LATEST)) {
                try (TestCluster restored = restored(original, second, target)) {
                    assertThat(restored.query("select count(*) || ' ' || sum(id) from item"))
                            .isEqualTo("40000 800020000");
                }
            }
        }
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {13, 18})
    void failsWhenTheStandbyIsPromotedMeanwhileAndListsNothing(int major) throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(major, options -> options);
                TestCluster standby = original.cluster().standby().started()) {
            Heard promoting = new Heard(() -> {
                standby.cluster().promote();
                return standby;
            });

            assertThatThrownBy(() -> original.backup(standby, promoting))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("the standby was promoted during");
            assertThat(original.source().backups()).isEmpty();
            assertThat(standby.query("select count(*) from pg_replication_slots"))
                    .isEqualTo("0");
        }
    }

    @Test
    @Tag("slow")
    void aStandbyThatLagsBehindTheBaseIsReadWholeAndClaimsNoLaterTime() throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(17, options -> options.with("summarize_wal", "on"));
                TestCluster standby = original.cluster().standby().started()) {
            TestCluster primary = original.cluster();
            primary.execute("create table item as select generate_series(1, 20000) id; checkpoint");
            awaitReplayed(primary, standby);
            standby.execute("select pg_wal_replay_pause()");
            primary.execute("update item set id = -id");
            BackupRecord ahead = original.backup();
            Heard heard = new Heard(() -> primary);

            BackupRecord behind = original.backup(standby, heard);

            assertThat(behind.basis().base()).contains(ahead.id());
            assertThat(behind.basis().changes()).isEqualTo(ChangeSource.READ);
            assertThat(heard.all())
                    .anyMatch(line -> line.startsWith("every page is read and compared with backup " + ahead.id()
                            + ": it ended at " + ahead.wal().stopLsn() + ", after this server's "));
            assertThat(behind.wal().stopLsn()).isLessThan(ahead.wal().stopLsn());
            assertThat(behind.wal().lastCommit().orElseThrow()).isBefore(ahead.startTime());
            try (TestCluster restored = restored(original, behind, RecoveryTarget.IMMEDIATE)) {
                assertThat(restored.query("select sum(id) from item")).isEqualTo("200010000");
            }
            try (TestCluster restored = restored(original, behind, RecoveryTarget.LATEST)) {
                assertThat(restored.query("select sum(id) from item")).isEqualTo("-200010000");
            }
            standby.execute("select pg_wal_replay_resume()");
            awaitReplayed(primary, standby);
            primary.execute("checkpoint");
            awaitReplayed(primary, standby);
            BackupRecord caughtUp = original.backup(standby, heard);
            // The base is the standby's own, and a standby keeps no backup history file that would prove it.
            assertThat(caughtUp.basis().changes()).isNotEqualTo(ChangeSource.WAL_SUMMARIES);
            try (TestCluster restored = restored(original, caughtUp, RecoveryTarget.IMMEDIATE)) {
                assertThat(restored.query("select sum(id) from item")).isEqualTo("-200010000");
            }
        }
    }

    @Test
    @Tag("slow")
    void backupsOfPrimaryAndStandbyAtOnceAreBothRight() throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(16, options -> options);
                TestCluster standby = original.cluster().standby().started()) {
            TestCluster primary = original.cluster();
            primary.execute("create table item as select generate_series(1, 50000) id; checkpoint");
            awaitReplayed(primary, standby);
            FutureTask<BackupRecord> other = new FutureTask<>(original::backup);
            Heard both = new Heard(() -> {
                Thread.ofPlatform().start(other);
                return primary;
            });

            List<BackupRecord> backups = List.of(original.backup(standby, both), other.get());

            assertThat(original.source().backups()).containsExactlyInAnyOrderElementsOf(backups);
            for (BackupRecord backup : backups) {
                assertSound(original, backup);
                try (TestCluster restored = restored(original, backup, RecoveryTarget.IMMEDIATE)) {
                    assertThat(restored.query("select sum(id) from item")).isEqualTo("1250025000");
                }
            }
        }
    }
}
