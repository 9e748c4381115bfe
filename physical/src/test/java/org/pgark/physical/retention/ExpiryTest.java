package org.pgark.physical.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RecoveryPlanner;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.ReadSession;
import org.pgark.repository.Repository;
import org.pgark.repository.RetentionView;
import org.pgark.repository.SessionKind;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import org.pgark.repository.retention.Fate;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.repository.retention.RetentionPolicy;
import org.pgark.storage.LocalDirectoryStore;

/** Three backups of a real server with WAL between them, and what policies leave of it. */
class ExpiryTest {
    private static ArchivingCluster cluster;
    private static BackupRecord first;
    private static BackupRecord second;
    private static BackupRecord third;

    @TempDir
    private Path folder;

    private Repository opened;
    private ClusterRepository repository;

    @BeforeAll
    static void takeThreeBackups() throws Exception {
        cluster = ArchivingCluster.started(17, options -> options);
        cluster.cluster().execute("create table t as select generate_series(1, 5000) i");
        first = backupAndWork();
        second = backupAndWork();
        third = backupAndWork();
        cluster.archiveAll();
    }

    private static BackupRecord backupAndWork() throws Exception {
        BackupRecord backup = cluster.backup();
        for (int turn = 0; turn < 2; turn++) {
            cluster.cluster().execute("update t set i = i + 1");
            cluster.cluster().switchWal();
        }
        return backup;
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    /** Each test has a copy of the repository. */
    @BeforeEach
    void copyTheRepository() throws IOException {
        FileTree.copy(cluster.repositoryFolder(), folder.resolve("repository"), _ -> true);
        opened = Repository.open(
                new LocalDirectoryStore(folder.resolve("repository")),
                Optional.empty(),
                Clock.systemUTC(),
                new SecureRandom());
        repository = opened.open(cluster.source().incarnation());
    }

    @AfterEach
    void closeTheRepository() throws IOException {
        opened.close();
    }

    private ExpiryPlan expire(RetentionPolicy policy, Instant clock) throws IOException {
        return new Expiry(List.of(repository), policy, ProgressListener.SILENT).run(clock);
    }

    private static RetentionPolicy last(int number) {
        return new RetentionPolicy(number, Optional.empty(), RetentionPolicy.CalendarRules.NONE, ZoneId.of("UTC"), 1);
    }

    private static RetentionPolicy window(Duration length) {
        return new RetentionPolicy(
                0,
                Optional.of(new KeepWindow((int) length.toMillis(), ChronoUnit.MILLIS)),
                RetentionPolicy.CalendarRules.NONE,
                ZoneId.of("UTC"),
                1);
    }

    private static RetentionPolicy window(int days) {
        return new RetentionPolicy(
                0,
                Optional.of(new KeepWindow(days, ChronoUnit.DAYS)),
                RetentionPolicy.CalendarRules.NONE,
                ZoneId.of("UTC"),
                1);
    }

    private List<RecoveryWindow> windows() throws IOException {
        return new RecoveryPlanner(
                        ArchivingCluster.NAME,
                        repository.backups().stream().map(BackupPoint::of).toList(),
                        new RepositoryWal(repository),
                        ZoneId.of("UTC"))
                .windows();
    }

    private List<String> segments() throws IOException {
        return repository.walArchive().list(Timeline.FIRST).stream()
                .map(ArchivedFile::name)
                .filter(WalFileName.Segment.class::isInstance)
                .map(WalFileName::toString)
                .toList();
    }

    private void assertSound(BackupRecord backup) throws Exception {
        assertThat(BackupVerification.run(repository, backup, 1, ProgressListener.SILENT)
                        .damages())
                .isEmpty();
    }

    @Test
    void whatTheRulesDoNotKeepGoesWithItsWal() throws Exception {
        ExpiryPlan plan = expire(last(2), Instant.now());

        assertThat(plan.parts().getFirst().going()).containsExactly(first.id());
        assertThat(repository.backups()).containsExactly(second, third);
        assertThat(segments().getFirst()).isEqualTo(second.wal().first().toString());
        assertThat(windows())
                .extracting(RecoveryWindow::firstBackup)
                .containsExactly(second.id().value());
        assertThat(new RepositoryWal(repository).gaps()).isEmpty();
        repository
                .collector(0.5, org.pgark.repository.collect.CollectProgress.SILENT)
                .run();
        assertSound(second);
        assertSound(third);
    }

    @Test
    void aClockThatIsAheadDoesNotShortenAWindow() throws Exception {
        Duration sinceSecond = Duration.between(second.stopTime(), lastCommit());
        Instant wrong = Instant.now().plus(Duration.ofDays(3650));

        ExpiryPlan plan = expire(window(sinceSecond.minusMillis(10)), wrong);

        assertThat(plan.now()).contains(lastCommit());
        assertThat(repository.backups()).containsExactly(second, third);
    }

    @Test
    void aClockThatIsBehindKeepsMore() throws Exception {
        expire(window(Duration.ofMillis(1)), first.stopTime().plusMillis(2));

        assertThat(repository.backups()).containsExactly(first, second, third);
    }

    private Instant lastCommit() throws IOException {
        return new RepositoryWal(repository).lastTransaction(Timeline.FIRST).orElseThrow();
    }

    @Test
    void backupsWhoseOrderInTimeIsNotThatOfTheWalLetNothingGo() throws Exception {
        BackupRecord wrong = at(second, third.stopTime().plus(Duration.ofDays(400)));

        assertThat(ClockDoubt.order(List.of(first, wrong, third)))
                .hasValueSatisfying(doubt -> assertThat(doubt)
                        .contains("backup " + third.id() + " follows backup " + second.id())
                        .contains(wrong.stopTime().toString()));
        assertThat(ClockDoubt.order(List.of(first, second, third))).isEmpty();
    }

    @Test
    void timeOfWhichNothingIsKnownShortensNoWindow() throws Exception {
        List<RepositoryWal> archives = List.of(new RepositoryWal(repository));
        Instant jumped = lastCommit().plus(Duration.ofDays(400));
        List<Instant> backups = List.of(first.stopTime(), second.stopTime(), third.stopTime(), jumped);
        RetentionPolicy weeks = window(28);

        assertThat(ClockDoubt.of(weeks, jumped, backups, backups, List.of(), archives))
                .hasValueSatisfying(doubt -> assertThat(doubt).contains("nothing is known of the time from "));
        // The second backup by the wrong clock does not make it right.
        Instant next = jumped.plus(Duration.ofDays(1));
        assertThat(ClockDoubt.of(weeks, next, List.of(third.stopTime(), jumped, next), backups, List.of(), archives))
                .isPresent();
        assertThat(ClockDoubt.of(weeks, lastCommit(), backups, backups, List.of(), archives))
                .isEmpty();
        Hold pin = new Hold(Optional.of(lastCommit().plus(Duration.ofDays(100))), "", false);
        assertThat(ClockDoubt.of(last(1), jumped, backups, backups, List.of(pin), archives))
                .hasValueSatisfying(doubt -> assertThat(doubt).contains("in which a pin ended"));
        assertThat(ClockDoubt.of(last(1), jumped, backups, backups, List.of(), archives))
                .isEmpty();
    }

    @Test
    void commitsInTheWalAreTracesOfTime() throws Exception {
        RepositoryWal archive = new RepositoryWal(repository);

        assertThat(archive.commitBetween(Timeline.FIRST, first.stopTime(), third.stopTime()))
                .hasValueSatisfying(time -> assertThat(time).isBetween(first.stopTime(), third.stopTime()));
        assertThat(archive.commitBetween(Timeline.FIRST, lastCommit(), Instant.MAX))
                .isEmpty();
    }

    @Test
    void anIdleServerThatIsBackedUpNowAndThenIsNotDoubted() throws Exception {
        List<Instant> backups = new ArrayList<>();
        for (int month = 0; month < 10; month++) {
            backups.add(lastCommit().plus(Duration.ofDays(30L * month)));
        }
        assertThat(ClockDoubt.of(
                        window(60),
                        backups.getLast(),
                        backups,
                        backups,
                        List.of(),
                        List.of(new RepositoryWal(repository))))
                .isEmpty();
    }

    private static BackupRecord at(BackupRecord backup, Instant stopTime) {
        return new BackupRecord(
                backup.id(),
                backup.basis(),
                backup.labels(),
                backup.note(),
                backup.pgarkVersion(),
                backup.compression(),
                backup.startTime(),
                stopTime,
                backup.wal(),
                backup.server(),
                backup.size(),
                backup.manifest(),
                backup.relationNames());
    }

    @Test
    void anArchivalBackupKeepsItsOwnWalOnlyAndLaterWalNeitherRestoresNorCountsAsAGap() throws Exception {
        repository.hold(first.id(), new Hold(Optional.empty(), "audit", true));

        ExpiryPlan plan = expire(last(1), Instant.now());

        assertThat(plan.parts().getFirst().fates()).extracting(Fate::kept).containsExactly(true, false, true);
        assertThat(new TreeSet<>(segments()).headSet(third.wal().first().toString()))
                .containsExactlyElementsOf(new TreeSet<>(segments())
                        .subSet(
                                first.wal().first().toString(),
                                true,
                                first.wal().last().toString(),
                                true));
        assertThat(new RepositoryWal(repository).gaps()).isEmpty();
        assertSound(first);
        assertThat(windows())
                .extracting(RecoveryWindow::firstBackup)
                .containsExactly(first.id().value(), third.id().value());
    }

    @Test
    void aPinnedBackupStaysWithAllWalSinceUntilItsTime() throws Exception {
        List<String> before = segments();
        repository.hold(first.id(), new Hold(Optional.of(lastCommit().plusSeconds(1)), "", false));
        expire(last(1), Instant.now());
        assertThat(repository.backups()).containsExactly(first, third);
        assertThat(segments())
                .endsWith(before.getLast())
                .contains(first.wal().first().toString());
        assertThat(windows()).hasSize(1);

        repository.hold(first.id(), new Hold(Optional.of(lastCommit().minusSeconds(1)), "", false));
        expire(last(1), Instant.now());
        assertThat(repository.backups()).containsExactly(third);
    }

    @Test
    void aBackupThatWasRestoredStaysWithAllWalSinceForAWhile() throws Exception {
        List<String> before = segments();
        repository.replaying(first.id(), new Replay(lastCommit().plusSeconds(1), "\"/restored\" on host there"));
        repository.replaying(first.id(), new Replay(lastCommit().minusSeconds(1), "\"/other\" on host there"));

        ExpiryPlan plan = expire(last(1), Instant.now());

        assertThat(plan.parts().getFirst().fates().getFirst().reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.text())
                        .startsWith(
                                "in use: restored to \"/restored\" on host there, recovery may need its WAL until "));
        assertThat(repository.backups()).containsExactly(first, third);
        assertThat(segments())
                .endsWith(before.getLast())
                .contains(first.wal().first().toString());

        assertThat(repository.release(first.id())).isTrue();
        expire(last(1), Instant.now());
        assertThat(repository.backups()).containsExactly(third);
        repository.checkLog();
    }

    @Test
    void aDamagedBackupSatisfiesNoRule() throws Exception {
        repository.checked(
                CheckReport.ofBackups(Map.of(third.id().value(), "a pack is missing"), DamagedFrames.NONE, List.of()));

        expire(last(1), Instant.now());

        assertThat(repository.backups()).containsExactly(second, third);
    }

    @Test
    void aBackupWhoseWalIsMissingSatisfiesNoRule() throws Exception {
        repository
                .walArchive()
                .delete(List.of(new WalFileName.Segment(third.wal().first())));

        expire(last(1), Instant.now());

        assertThat(repository.backups()).containsExactly(second, third);
        assertThat(new RepositoryWal(repository).gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.first()).isEqualTo(third.wal().first()));
    }

    @Test
    void whatIsReadStaysAndWalStaysWhileABackupIsTaken() throws Exception {
        List<String> before = segments();
        try (ReadSession _ = repository.beginReading(SessionKind.RESTORE, first.id());
                BackupSession _ = repository.beginBackup("another", third.id())) {
            expire(last(1), Instant.now());
        }
        assertThat(repository.backups()).containsExactly(first, third);
        assertThat(segments()).isEqualTo(before);

        expire(last(1), Instant.now());
        assertThat(repository.backups()).containsExactly(third);
        assertThat(segments().getFirst()).isEqualTo(third.wal().first().toString());
    }

    @Test
    void nothingGoesByADecisionThatDoesNotHoldAnyMore() throws Exception {
        RetentionView old = repository.retentionView();
        repository.hold(first.id(), new Hold(Optional.empty(), "", false));

        assertThat(repository.expire(old, List.of(first.id()), old.care().expired()))
                .isFalse();
        assertThat(repository.backups()).containsExactly(first, second, third);
    }

    @Test
    void withoutARuleNothingGoes() throws Exception {
        List<String> before = segments();
        expire(RetentionPolicy.NONE, Instant.now());
        assertThat(repository.backups()).hasSize(3);
        assertThat(segments()).isEqualTo(before);
    }
}
