package org.pgark.physical.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.BackupLock;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.collect.CollectOutcome;
import org.pgark.repository.collect.CollectProgress;
import org.pgark.repository.retention.RetentionPolicy;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/** Two backups of a real server in a place that locks objects. */
class LockedRepositoryTest {
    private static final Duration PERIOD = Duration.ofDays(30);
    private static final RetentionPolicy LAST_ONE =
            new RetentionPolicy(1, Optional.empty(), RetentionPolicy.CalendarRules.NONE, ZoneId.of("UTC"), 1);

    private static ArchivingCluster cluster;
    private static BackupRecord first;
    private static BackupRecord second;

    @TempDir
    private Path folder;

    private LockingStore store;
    private Repository opened;
    private ClusterRepository repository;

    @BeforeAll
    static void takeTwoBackups() throws Exception {
        cluster = ArchivingCluster.started(17, options -> options);
        cluster.cluster().execute("create table t as select generate_series(1, 5000) i");
        first = cluster.backup();
        cluster.cluster().execute("update t set i = i + 1");
        cluster.cluster().switchWal();
        cluster.cluster().execute("drop table t");
        second = cluster.backup();
        cluster.cluster().switchWal();
        cluster.archiveAll();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    /** Each test has a copy of the repository. */
    @BeforeEach
    void copyTheRepository() throws IOException {
        FileTree.copy(cluster.repositoryFolder(), folder.resolve("repository"), _ -> true);
        store = new LockingStore(new LocalDirectoryStore(folder.resolve("repository")), PERIOD);
        opened = Repository.open(store, Optional.empty(), Clock.systemUTC(), new SecureRandom());
        repository = opened.open(cluster.source().incarnation());
    }

    @AfterEach
    void closeTheRepository() throws IOException {
        opened.close();
    }

    private ExpiryPlan expire() throws IOException {
        return new Expiry(List.of(repository), LAST_ONE, ProgressListener.SILENT).run(Instant.now());
    }

    private CollectOutcome collect() throws IOException {
        return repository.collector(1, CollectProgress.SILENT).run();
    }

    @Test
    void whatIsLockedIsLeftAndDeletedOnceItMayBe() throws IOException {
        Instant end = Instant.now().plus(Duration.ofDays(40)).truncatedTo(ChronoUnit.SECONDS);
        store.lockEverything(end);
        List<StoredObject> before = store.list(new ObjectName("clusters"));

        ExpiryPlan expired = expire();
        assertThat(repository.backups()).extracting(BackupRecord::id).containsExactly(second.id());
        long files = expired.parts().getFirst().files().size();
        assertThat(files).isPositive();
        assertThat(expired.locked()).isEqualTo(new ExpiryPlan.Locked(files, Optional.of(end)));

        CollectOutcome collected = collect();
        assertThat(collected.deletedPacks()).isZero();
        assertThat(collected.locked().packs()).isPositive();
        assertThat(collected.locked().until()).hasValue(end);
        assertThat(store.list(new ObjectName("clusters"))).containsAll(before);

        assertThat(collect().locked()).as("again").isEqualTo(collected.locked());
        assertThat(expire().locked().files()).as("again").isEqualTo(files);

        store.endLocks();
        assertThat(expire().locked()).isEqualTo(ExpiryPlan.Locked.NONE);
        CollectOutcome last = collect();
        assertThat(last.deletedPacks()).isEqualTo(collected.locked().packs());
        assertThat(last.locked().packs()).isZero();
        assertThat(repository.missing(repository.packs(second.id()))).isEmpty();
        assertThat(expire().parts().getFirst().files())
                .as("nothing is left of it")
                .isEmpty();
        assertThat(collect().deletedPacks()).isZero();
    }

    @Test
    void aPackThatIsLockedAloneKeepsNoOther() throws IOException {
        store.lockEverything(Instant.now().plus(Duration.ofDays(1)));
        expire();
        long all = collect().locked().packs();
        ObjectName one = store.refused().stream()
                .filter(name -> name.value().contains("/packs/"))
                .findFirst()
                .orElseThrow();
        store.endLocks();
        store.retain(one, Instant.now().plusSeconds(60));
        CollectOutcome outcome = collect();
        assertThat(outcome.locked().packs()).isEqualTo(1);
        assertThat(outcome.deletedPacks()).isEqualTo(all - 1).isPositive();
        CollectOutcome again = collect();
        assertThat(again.locked().packs()).isEqualTo(1);
        assertThat(again.deletedPacks()).as("those are gone already").isZero();
    }

    /** As the archive has it, so that it can be put once more. */
    private WalSource archived(WalFileName name) throws IOException {
        byte[] facts = repository.walArchive().facts(name).orElseThrow();
        Path file = folder.resolve("segment");
        repository.walArchive().get(name, file);
        return new WalSource() {
            @Override
            public ReadableByteChannel open() throws IOException {
                return Files.newByteChannel(file);
            }

            @Override
            public byte[] facts() {
                return facts;
            }
        };
    }

    @Test
    void whatStandsInForADamagedSegmentIsLockedWithItAndGoesWithIt() throws IOException {
        WalFileName name = new WalFileName.Segment(first.wal().first());
        WalArchive archive = repository.walArchive();
        WalSource source = archived(name);
        Path object =
                folder.resolve("repository").resolve(archive.objectOf(name).value());
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
        store.lockEverything(Instant.now().plus(Duration.ofDays(1)));

        assertThat(archive.put(name, source)).isEqualTo(PutResult.MENDED);
        archive.verify(name);
        ObjectName mended = archive.mended(name::equals).getFirst();
        repository.backupLock().orElseThrow().renew(second, List.of(first), archive.list(new Timeline(1)));
        assertThat(store.lockedUntil(mended)).isPresent();

        expire();
        archive.verify(name);
        assertThat(archive.mended(name::equals)).containsExactly(mended);
        store.endLocks();
        expire();
        assertThat(archive.contains(name)).isFalse();
        assertThat(archive.mended(name::equals)).isEmpty();
    }

    @Test
    void aBackupRenewsTheLocksOfAllThatIsKept() throws IOException {
        Instant begin = Instant.now();
        BackupLock lock = repository.backupLock().orElseThrow();
        lock.renew(second, List.of(first), repository.walArchive().list(new Timeline(1)));
        int objects = 0;
        for (StoredObject object : store.list(new ObjectName("clusters"))) {
            String name = object.name().value();
            if (name.contains("/packs/")
                    || name.contains("/log/")
                    || name.endsWith(second.wal().first().toString())) {
                assertThat(store.lockedUntil(object.name()).orElse(Instant.EPOCH))
                        .as(name)
                        .isAfterOrEqualTo(begin.plus(Duration.ofDays(8)));
                objects++;
            }
        }
        for (String pack : packs(second)) {
            assertThat(store.lockedUntil(new ObjectName(pack)).orElseThrow())
                    .isAfterOrEqualTo(begin.plus(PERIOD).minusSeconds(1));
        }
        assertThat(objects).isGreaterThan(5);

        int asked = store.asked();
        Map<ObjectName, Instant> before = store.locks();
        repository
                .backupLock()
                .orElseThrow()
                .renew(second, List.of(first), repository.walArchive().list(new Timeline(1)));
        assertThat(store.locks()).as("all are long enough").isEqualTo(before);
        assertThat(store.asked()).as("one question for each object").isLessThanOrEqualTo(asked);
    }

    private List<String> packs(BackupRecord backup) throws IOException {
        List<String> packs = repository.packs(backup.id()).stream()
                .map(pack -> pack.id().toString())
                .toList();
        return store.list(new ObjectName("clusters")).stream()
                .map(object -> object.name().value())
                .filter(name -> packs.contains(name.substring(name.lastIndexOf('/') + 1)))
                .toList();
    }
}
