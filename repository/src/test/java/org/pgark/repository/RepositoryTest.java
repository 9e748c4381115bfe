package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;

class RepositoryTest {
    private static final SystemIdentifier OTHER_SYSTEM = SystemIdentifier.parse("7300000000000000002");

    private static Repository open(ObjectStore store) throws IOException {
        return Repository.open(store, Optional.empty(), SmallRepository.CLOCK, new Random(5));
    }

    private static Incarnation register(Repository repository, SystemIdentifier system) throws IOException {
        return repository.registerCluster("main", system, PostgresMajor.of(15), BackupRecords.SEGMENT_SIZE);
    }

    @Test
    void isFoundAgain() throws IOException {
        MemoryStore store = new MemoryStore();
        Repository created = Repository.create(store, SmallRepository.CLOCK, new Random(1));
        assertThat(open(store).id()).isEqualTo(created.id());
        assertThat(open(store).clusters()).isEmpty();
        assertThat(open(store).cluster("main").incarnations()).isEmpty();
    }

    /** After an upgrade that was taken back, say. */
    @Test
    void aClusterThatIsRegisteredAgainIsTheNewest() throws IOException {
        MemoryStore store = new MemoryStore();
        Repository repository = Repository.create(store, SmallRepository.CLOCK, new Random(1));
        SystemIdentifier first = SystemIdentifier.parse("1");
        SystemIdentifier second = SystemIdentifier.parse("2");
        Incarnation before = register(repository, first);
        register(repository, second);
        assertThat(register(repository, first).id()).isEqualTo(before.id());

        for (Repository one : List.of(repository, open(store))) {
            assertThat(one.cluster("main").incarnations())
                    .extracting(Incarnation::systemIdentifier)
                    .containsExactly(second, first);
            assertThat(one.cluster("main").newest().orElseThrow().id()).isEqualTo(before.id());
        }
        long entries = store.list(new ObjectName("log")).size();
        register(repository, first);
        assertThat(store.list(new ObjectName("log"))).hasSize((int) entries);
    }

    @Test
    void isMadeOnlyOnce() throws IOException {
        MemoryStore store = new MemoryStore();
        Repository.create(store, SmallRepository.CLOCK, new Random(1));
        assertThatThrownBy(() -> Repository.create(store, SmallRepository.CLOCK, new Random(2)))
                .isInstanceOf(ObjectExistsException.class);
    }

    @Test
    void saysSoWhereThereIsNone(@TempDir Path folder) throws IOException {
        for (Path place : List.of(folder, folder.resolve("missing"))) {
            try (ObjectStore store = new LocalDirectoryStore(place)) {
                assertThatThrownBy(() -> open(store))
                        .isInstanceOf(NoRepositoryException.class)
                        .hasMessage("file:" + place + " is no pgark repository: it has no object \"repository\"");
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAnotherThanTheExpected() throws IOException {
        MemoryStore store = new MemoryStore();
        RepositoryId id =
                Repository.create(store, SmallRepository.CLOCK, new Random(1)).id();
        RepositoryId other = RepositoryId.random(new Random(2));
        assertThatThrownBy(() -> Repository.open(store, Optional.of(other), SmallRepository.CLOCK, new Random(1)))
                .isInstanceOf(NoRepositoryException.class)
                .hasMessage("the repository in memory: is " + id + ", not the expected " + other);
        assertThat(Repository.open(store, Optional.of(id), SmallRepository.CLOCK, new Random(1))
                        .id())
                .isEqualTo(id);
    }

    private static void replaceRepositoryObject(ObjectStore store, String body) throws IOException {
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(body.getBytes(StandardCharsets.UTF_8));
        String line = body + String.format(",\"crc32c\":\"%08x\"}\n", checksum.getValue());
        StoreContents.replace(store, new ObjectName("repository"), line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysThatANewerVersionWroteIt() throws IOException {
        MemoryStore store = new MemoryStore();
        replaceRepositoryObject(store, "{\"format\":3");
        assertThatThrownBy(() -> open(store))
                .isInstanceOf(NewerFormatException.class)
                .hasMessage("object \"repository\" was written by a newer version of pgark:"
                        + " repository format 3 is not known here");
        replaceRepositoryObject(store, "{\"format\":1,\"encryption\":\"rot13\"");
        assertThatThrownBy(() -> open(store))
                .isInstanceOf(NewerFormatException.class)
                .hasMessage("object \"repository\" was written by a newer version of pgark:"
                        + " encryption \"rot13\" is not known here");
        replaceRepositoryObject(store, "{\"format\":1,\"encryption\":\"none\",\"repository_id\":\"x\"");
        assertThatThrownBy(() -> open(store))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessage("object \"repository\" is damaged: invalid repository id \"x\","
                        + " must be 32 hexadecimal digits");
    }

    @Test
    void contentIsHashedAsTheRepositorySays() throws IOException {
        MemoryStore store = new MemoryStore();
        register(Repository.create(store, SmallRepository.CLOCK, new Random(1)), BackupRecords.SYSTEM);
        byte[] now = zeroUnit(store);
        String object =
                new String(store.readWhole(new ObjectName("repository"), 1000).orElseThrow(), StandardCharsets.UTF_8);
        String body = object.substring(0, object.indexOf(",\"crc32c\""));
        String said = ",\"content_hash\":\"nh-hmac-sha-256\"";
        assertThat(body).contains(said);

        replaceRepositoryObject(store, body.replace(said, ""));
        byte[] before = zeroUnit(store);
        assertThat(before).isNotEqualTo(now);
        replaceRepositoryObject(store, body.replace(said, ",\"content_hash\":\"hmac-sha-256\""));
        assertThat(zeroUnit(store)).isEqualTo(before);
        replaceRepositoryObject(store, body.replace(said, ",\"content_hash\":\"md5\""));
        assertThatThrownBy(() -> open(store))
                .isInstanceOf(NewerFormatException.class)
                .hasMessage("object \"repository\" was written by a newer version of pgark:"
                        + " content hash \"md5\" is not known here");
    }

    private static byte[] zeroUnit(ObjectStore store) throws IOException {
        Repository repository = open(store);
        return repository
                .open(repository.cluster("main").newest().orElseThrow())
                .contentHasher()
                .hashUnits(new byte[ContentHasher.UNIT], 0, ContentHasher.UNIT);
    }

    @Test
    void keepsIncarnationsApart() throws IOException {
        MemoryStore store = new MemoryStore();
        Repository repository = Repository.create(store, SmallRepository.CLOCK, new Random(1));
        Incarnation first = register(repository, BackupRecords.SYSTEM);
        assertThat(register(repository, BackupRecords.SYSTEM)).isEqualTo(first);
        Incarnation second = register(repository, OTHER_SYSTEM);
        ClusterCatalog catalog = open(store).cluster("main");
        assertThat(catalog.incarnations()).containsExactly(first, second);
        assertThat(catalog.of(OTHER_SYSTEM)).contains(second);
        assertThat(catalog.newest()).contains(second);
        assertThat(open(store).clusters()).containsExactly(catalog);
    }

    @Test
    void registersOnceHoweverManyAsk() throws Exception {
        MemoryStore store = new MemoryStore();
        Repository.create(store, SmallRepository.CLOCK, new Random(1)).close();
        List<Callable<Incarnation>> processes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Repository repository = Repository.open(store, Optional.empty(), SmallRepository.CLOCK, new Random(i + 10));
            processes.add(() -> register(repository, BackupRecords.SYSTEM));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<Incarnation> process : threads.invokeAll(processes)) {
                assertThat(open(store).cluster("main").incarnations()).containsExactly(process.get());
            }
        }
    }

    @Test
    void refusesASecondBackupOfTheSameId() throws IOException {
        MemoryStore store = new MemoryStore();
        new SmallRepository(1).fill(store, "20261122T104200Z-aaaa");
        ClusterRepository cluster =
                open(store).open(open(store).cluster("main").newest().orElseThrow());
        BackupRecord backup = cluster.backups().getFirst();
        assertThatThrownBy(() -> cluster.beginBackup("test").commit(backup, List.of()))
                .hasMessage("backup \"20261122T104200Z-aaaa\" exists already");
        assertThatThrownBy(() -> cluster.packs(new BackupId("20261122T104200Z-zzzz")))
                .hasMessage("backup \"20261122T104200Z-zzzz\" does not exist");
        assertThat(cluster.packs(backup.id())).hasSize(4);
        assertThat(cluster.find("2026")).containsExactly(backup);
        assertThat(cluster.find("2027")).isEmpty();
    }

    @Test
    void keepsMoreBackupsThanOneStateSpans() throws IOException {
        MemoryStore store = new MemoryStore();
        Repository repository = Repository.create(store, SmallRepository.CLOCK, new Random(1));
        Incarnation incarnation = register(repository, BackupRecords.SYSTEM);
        List<BackupRecord> backups = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            BackupRecord backup = BackupRecords.of(
                    String.format("20261122T10%02d00Z-aaaa", i), BackupRecords.root(), Optional.empty());
            backups.add(backup);
            repository.open(incarnation).beginBackup("test").commit(backup, List.of());
        }
        assertThat(open(store).open(incarnation).backups()).isEqualTo(backups);
        open(store).open(incarnation).checkLog();
    }

    @Test
    void callsNoWalAbsentWhenTheRepositoryIsGone() throws IOException {
        MemoryStore store = new MemoryStore();
        new SmallRepository(1).fill(store);
        Repository repository = open(store);
        ClusterRepository cluster =
                repository.open(repository.cluster("main").newest().orElseThrow());
        WalFileName missing = WalFileName.parse("0000000100000000000000FF");
        assertThat(cluster.walArchive().contains(missing)).isFalse();
        store.delete(new ObjectName("repository"));
        assertThatThrownBy(() -> cluster.walArchive().contains(missing)).isInstanceOf(NoRepositoryException.class);
        assertThatThrownBy(() -> cluster.walArchive().get(missing, Path.of("/nowhere")))
                .isInstanceOf(NoRepositoryException.class);
        assertThatThrownBy(() -> cluster.walArchive().facts(missing)).isInstanceOf(NoRepositoryException.class);
    }

    /** Else verification would note sound WAL as damaged that could not be found for a moment. */
    @Test
    void damageOfTheRepositorysOwnObjectIsNoneOfWhatIsLookedFor() throws IOException {
        MemoryStore store = new MemoryStore();
        try (Repository repository = Repository.create(store, SmallRepository.CLOCK, new Random(1))) {
            ClusterRepository cluster = repository.open(repository.registerCluster(
                    "main", SystemIdentifier.parse("42"), PostgresMajor.V15, WalSegmentSize.DEFAULT));
            store.delete(RepositoryObject.NAME);
            try (ObjectWriter writer = store.create(RepositoryObject.NAME)) {
                writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                writer.commit();
            }
            assertThatThrownBy(() -> cluster.walArchive().open(WalFileName.parse(SmallRepository.SEGMENT)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining("object \"repository\" is damaged");
        }
    }
}
