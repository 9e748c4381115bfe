package org.pgark.physical.verify;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
import org.pgark.physical.recovery.BrokenWal;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.recovery.WalContinuity;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.care.Arc;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.testkit.FileFault;

/** Verification of a repository with two backups of a real server, of which each test has a copy to damage. */
class VerificationTest {
    private static ArchivingCluster cluster;
    private static BackupRecord first;
    private static BackupRecord second;

    @TempDir
    private Path folder;

    private Path place;
    private Repository opened;
    private ClusterRepository repository;

    @BeforeAll
    static void takeTwoBackups() throws Exception {
        cluster = ArchivingCluster.started(17, options -> options);
        cluster.cluster().execute("create table t as select generate_series(1, 5000) i");
        first = cluster.backup();
        for (int turn = 0; turn < 4; turn++) {
            cluster.cluster().execute("update t set i = i + 1");
            cluster.cluster().switchWal();
        }
        second = cluster.backup();
        cluster.cluster().execute("update t set i = i + 1");
        cluster.archiveAll();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void copyTheRepository() throws IOException {
        place = folder.resolve("repository");
        FileTree.copy(cluster.repositoryFolder(), place, _ -> true);
        open();
    }

    private void open() throws IOException {
        opened = Repository.open(
                new LocalDirectoryStore(place), Optional.empty(), Clock.systemUTC(), new SecureRandom());
        repository = opened.open(cluster.source().incarnation());
    }

    @AfterEach
    void closeTheRepository() throws IOException {
        opened.close();
    }

    private Path fileOf(String name) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> String.valueOf(file.getFileName()).equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path packOfFirst() throws IOException {
        return fileOf(repository.packs(first.id()).stream()
                .max(java.util.Comparator.comparingLong(PackSummary::size))
                .orElseThrow()
                .id()
                .toString());
    }

    private SampleResult sample(int points) throws Exception {
        Care care = repository.care();
        SampleResult result =
                SampleVerification.run(repository, new Arc(care.ring().next(), points), 2, ProgressListener.SILENT);
        repository.checked(result.report(care.damaged()));
        return result;
    }

    @Test
    void samplesCoverEveryPackAndSegmentOnce() throws Exception {
        Set<PackSummary> packs = new TreeSet<>(java.util.Comparator.comparing(PackSummary::id));
        packs.addAll(repository.packs(first.id()));
        packs.addAll(repository.packs(second.id()));
        int segments =
                new RepositoryWal(repository).segmentNumbers(Timeline.FIRST).size();
        long readPacks = 0;
        long readSegments = 0;
        Instant begin = Instant.now().minusSeconds(1);
        for (int night = 0; night < 8; night++) {
            assertThat(repository.care().ring().wholeSince()).isEmpty();
            SampleResult result = sample(Arc.POINTS / 8);
            assertThat(result.damages()).isEmpty();
            readPacks += result.packs();
            readSegments += result.segments();
        }

        assertThat(readPacks).isEqualTo(packs.size());
        assertThat(readSegments).isEqualTo(segments);
        assertThat(repository.care().ring().wholeSince().orElseThrow()).isAfter(begin);
        assertThat(repository.sampledShares()).containsEntry(second.id().value(), 1.0);
        assertThat(repository.care().ring().next()).isZero();
        repository.checkLog();
    }

    @Test
    void aSampleOfAHostWhoseClockIsYearsAheadSaysNothingOfALaterBackup() throws Exception {
        try (Repository ahead = Repository.open(
                new LocalDirectoryStore(place),
                Optional.empty(),
                Clock.offset(Clock.systemUTC(), Duration.ofDays(1000)),
                new SecureRandom())) {
            ClusterRepository seen = ahead.open(cluster.source().incarnation());
            seen.checked(SampleVerification.run(seen, new Arc(0, Arc.POINTS / 2), 2, ProgressListener.SILENT)
                    .report(DamagedFrames.NONE));
        }
        BackupRecord later = again(second, second.wal());

        assertThat(repository.sampledShares())
                .containsEntry(second.id().value(), 0.5)
                .containsEntry(later.id().value(), 0.0);
        sample(Arc.POINTS / 4);
        assertThat(repository.sampledShares())
                .containsEntry(second.id().value(), 0.75)
                .containsEntry(later.id().value(), 0.25);
        assertThat(repository.care().ring().next()).isEqualTo(Arc.POINTS * 3 / 4);
        repository.checkLog();
    }

    @Test
    void aHistoryFileThatIsMissingDamagedOrOfAnotherWayIsFoundByEachVerification() throws Exception {
        Timeline two = new Timeline(2);
        BackupRecord promoted = again(
                second,
                new BackupRecord.WalSpan(
                        second.wal().startLsn(),
                        second.wal().redoLsn(),
                        second.wal().stopLsn(),
                        Timeline.FIRST,
                        two,
                        second.wal().first(),
                        second.wal().last(),
                        second.wal().segmentSize()));
        assertHistoryFault("history file \"00000002.history\" is missing", promoted);

        repository.walArchive().put(new WalFileName.History(two), history("0/100"));
        assertHistoryFault("does not lead from the start of backup \"" + promoted.id() + "\"", promoted);
        assertThat(new WalContinuity(new RepositoryWal(repository), ProgressListener.SILENT).windows(points()))
                .isNotEmpty();

        repository.walArchive().delete(List.of(new WalFileName.History(two)));
        repository
                .walArchive()
                .put(
                        new WalFileName.History(two),
                        history(second.wal().stopLsn().toString()));
        assertThat(new RepositoryWal(repository).historyFault(BackupPoint.of(promoted)))
                .isEmpty();
        FileFault.flipBit(fileOf("00000002.history"), 70);
        assertHistoryFault("00000002.history", promoted);
        assertThat(new WalContinuity(new RepositoryWal(repository), ProgressListener.SILENT).windows(points()))
                .extracting(RecoveryWindow::timeline)
                .containsOnly(Timeline.FIRST);
    }

    private void assertHistoryFault(String fault, BackupRecord backup) throws Exception {
        assertThat(BackupVerification.run(repository, backup, 2, ProgressListener.SILENT)
                        .damages())
                .filteredOn(damage -> damage.path().equals("pg_wal/00000002.history"))
                .singleElement()
                .satisfies(damage -> assertThat(damage.reason()).contains(fault));
        SampleResult sample = SampleVerification.run(repository, new Arc(0, Arc.POINTS), 2, ProgressListener.SILENT);
        assertThat(sample.damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.reason()).contains(fault));
        assertThat(sample.findings()).containsOnlyKeys(backup.id().value());
        WalContinuity continuity = new WalContinuity(new RepositoryWal(repository), ProgressListener.SILENT);
        continuity.check(List.of(BackupPoint.of(backup)));
        assertThat(continuity.historyFaults())
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains(fault));
    }

    private static WalSource history(String fork) {
        byte[] text = ("1\t" + fork + "\tno recovery target specified\n").getBytes(StandardCharsets.UTF_8);
        return new WalSource() {
            @Override
            public ReadableByteChannel open() {
                return Channels.newChannel(new ByteArrayInputStream(text));
            }

            @Override
            public byte[] facts() {
                return new byte[0];
            }
        };
    }

    /** Commits a backup that shares everything with one that is there. */
    private BackupRecord again(BackupRecord backup, BackupRecord.WalSpan wal) throws IOException {
        BackupRecord other = new BackupRecord(
                new BackupId(backup.id().value().replaceAll("....$", "abcd")),
                backup.basis(),
                backup.labels(),
                backup.note(),
                backup.pgarkVersion(),
                backup.compression(),
                backup.startTime(),
                backup.stopTime(),
                wal,
                backup.server(),
                backup.size(),
                backup.manifest(),
                backup.relationNames());
        try (BackupSession session = repository.beginBackup("another", backup.id())) {
            session.commit(other, repository.packs(backup.id()));
        }
        return other;
    }

    @Test
    void whatASampleFindsIsRememberedForTheBackupsThatNeedItUntilItIsSoundAgain() throws Exception {
        Path pack = packOfFirst();
        FileFault.flipBit(pack, 100);

        SampleResult result = sample(Arc.POINTS);

        assertThat(result.damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.reason())
                        .contains(pack.getFileName().toString())
                        .endsWith("frame 0 does not match its tag"));
        assertThat(result.findings()).containsKey(first.id().value());
        assertThat(requireNonNull(repository.care().checks().get(first.id().value()))
                        .sound())
                .isFalse();
        assertThat(repository.care().damaged().packs()).hasSize(1);

        FileFault.flipBit(pack, 100);
        sample(Arc.POINTS);
        assertThat(repository.care().damaged().packs()).isEmpty();
        repository.checked(BackupVerification.run(repository, first, 2, ProgressListener.SILENT)
                .report());
        assertThat(requireNonNull(repository.care().checks().get(first.id().value()))
                        .sound())
                .isTrue();
        repository.checkLog();
    }

    @Test
    void aBackupVerificationRemembersTheFramesThatItCouldNotRead() throws Exception {
        FileFault.flipBit(packOfFirst(), 100);

        VerificationResult result = BackupVerification.run(repository, first, 2, ProgressListener.SILENT);

        assertThat(result.sound()).isFalse();
        assertThat(result.damagedFrames().packs().values()).containsExactly(List.of(0));
    }

    @Test
    void aRepositoryThatIsNotThereIsNoDamage() throws Exception {
        WalContinuity continuity = new WalContinuity(new RepositoryWal(repository), ProgressListener.SILENT);
        Files.delete(packOfFirst());
        Path identity = place.resolve("repository");
        Path elsewhere = Files.move(identity, folder.resolve("identity"));

        // Whichever of its threads fails, and whenever.
        for (int turn = 0; turn < 10; turn++) {
            assertThatThrownBy(() -> BackupVerification.run(repository, first, 2, ProgressListener.SILENT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(place.toString());
        }
        assertThatThrownBy(() -> SampleVerification.run(repository, new Arc(0, Arc.POINTS), 2, ProgressListener.SILENT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(place.toString());
        Files.delete(fileOf(first.wal().last().toString()));
        assertThatThrownBy(() -> continuity.check(points()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(place.toString());

        Files.move(elsewhere, identity);
        assertThat(BackupVerification.run(repository, first, 2, ProgressListener.SILENT)
                        .sound())
                .isFalse();
    }

    @Test
    void everyRecordOfSoundWalFollowsTheOneBefore() throws Exception {
        RepositoryWal wal = new RepositoryWal(repository);
        WalContinuity continuity = new WalContinuity(wal, ProgressListener.SILENT);

        assertThat(continuity.check(points())).isEmpty();

        assertThat(continuity.segments())
                .isEqualTo(wal.segmentNumbers(Timeline.FIRST)
                        .tailSet(first.wal().first().number(wal.segmentSize()))
                        .size());
    }

    private static List<BackupPoint> points() {
        return List.of(BackupPoint.of(first), BackupPoint.of(second));
    }

    @Test
    void aWindowEndsBeforeABrokenSegmentAndTheNextBeginsWithTheNextBackup() throws Exception {
        WalSegmentName victim = first.wal()
                .last()
                .next(second.wal().segmentSize())
                .next(second.wal().segmentSize());
        FileFault.flipBit(fileOf(victim.toString()), 200);
        WalContinuity continuity = new WalContinuity(new RepositoryWal(repository), ProgressListener.SILENT);

        List<BrokenWal> broken = continuity.check(points());

        assertThat(broken).extracting(BrokenWal::segment).containsExactly(victim);
        List<RecoveryWindow> windows = continuity.windows(points());
        assertThat(windows)
                .extracting(RecoveryWindow::firstBackup)
                .containsExactly(first.id().value(), second.id().value());
        assertThat(windows.getFirst().toLsn())
                .isLessThanOrEqualTo(victim.start(second.wal().segmentSize()));
    }

    @Test
    void damagedWalIsRememberedAndLeftOutUntilAReadingAsDeepFindsItSound() throws Exception {
        WalSegmentName victim = first.wal()
                .last()
                .next(second.wal().segmentSize())
                .next(second.wal().segmentSize());
        long number = victim.number(second.wal().segmentSize());
        Path file = fileOf(victim.toString());
        FileFault.flipBit(file, 200);

        sample(Arc.POINTS);

        RepositoryWal wal = new RepositoryWal(repository);
        assertThat(wal.segmentNumbers(Timeline.FIRST)).doesNotContain(number);
        assertThat(wal.damageOf(victim))
                .hasValueSatisfying(reason -> assertThat(reason).contains("is damaged"));
        assertThat(first.damageIn(repository.care())).isEmpty();
        FileFault.flipBit(file, 200);
        sample(Arc.POINTS);
        assertThat(new RepositoryWal(repository).segmentNumbers(Timeline.FIRST)).contains(number);

        FileFault.flipBit(file, 200);
        continuityRemembered();
        FileFault.flipBit(file, 200);
        sample(Arc.POINTS);
        assertThat(new RepositoryWal(repository).segmentNumbers(Timeline.FIRST)).doesNotContain(number);
        continuityRemembered();
        assertThat(new RepositoryWal(repository).segmentNumbers(Timeline.FIRST)).contains(number);
        repository.checkLog();
    }

    @Test
    void aSoundSampleDoesNotTakeBackWhatTheRecordsOfABackupsWalSaid() throws Exception {
        Path file = fileOf(first.wal().last().toString());
        FileFault.flipBit(file, 200);
        continuityRemembered();
        FileFault.flipBit(file, 200);

        repository.checked(BackupVerification.run(repository, first, 2, ProgressListener.SILENT)
                .report());

        assertThat(first.damageIn(repository.care())).isPresent();
        assertThat(second.damageIn(repository.care())).isEmpty();
        continuityRemembered();
        assertThat(first.damageIn(repository.care())).isEmpty();
    }

    private void continuityRemembered() throws IOException {
        WalContinuity continuity = new WalContinuity(RepositoryWal.withDamaged(repository), ProgressListener.SILENT);
        continuity.check(points());
        repository.checked(continuity.report(repository.care().damagedWal()));
    }

    @Test
    void aSegmentOfOtherWalUnderTheRightNameIsFound() throws Exception {
        WalSegmentName victim = first.wal()
                .last()
                .next(second.wal().segmentSize())
                .next(second.wal().segmentSize());
        Path other = fileOf(victim.next(second.wal().segmentSize()).toString());
        Files.copy(other, fileOf(victim.toString()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(new WalContinuity(new RepositoryWal(repository), ProgressListener.SILENT).check(points()))
                .extracting(BrokenWal::segment)
                .containsExactly(victim);
    }
}
