package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.DifferentContentException;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.key.MemoryKey;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.writer.OtherWriterException;
import org.pgark.repository.writer.SoleWriters;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;

/** Two hosts and a place that replaces objects. */
class SingleWriterTest {
    @TempDir
    private Path folder;

    private final ReplacingStore store = new ReplacingStore();
    private SoleWriters one = SoleWriters.NONE;
    private SoleWriters other = SoleWriters.NONE;

    @BeforeEach
    void make() throws IOException {
        one = SoleWriters.in(folder.resolve("one"), "one");
        other = SoleWriters.in(folder.resolve("other"), "other");
        Repository.create(store, Optional.of(one), SmallRepository.CLOCK, new Random(1));
    }

    private Repository open(SoleWriters writers, long seed) throws IOException {
        RepositoryAccess access = new RepositoryAccess(Optional.empty(), false, Optional.empty(), List.of(), writers);
        return Repository.open(store, access, SmallRepository.CLOCK, new Random(seed), LogMemories.NONE);
    }

    private static Incarnation register(Repository repository, String name) throws IOException {
        return repository.registerCluster(name, BackupRecords.SYSTEM, PostgresMajor.of(15), BackupRecords.SEGMENT_SIZE);
    }

    @Test
    void whoIsNotTheWriterReadsOnly() throws IOException {
        Repository ours = open(one, 2);
        register(ours, "main");
        assertThat(ours.isSoleWriter()).contains(true);

        Repository theirs = open(other, 3);
        assertThat(theirs.isSoleWriter()).contains(false);
        assertThat(theirs.clusters()).hasSize(1);
        assertThatThrownBy(() -> register(theirs, "second"))
                .isInstanceOf(OtherWriterException.class)
                .hasMessage("the repository in replacing: can only have one writer, which is not this host and user");
        assertThat(open(one, 4).clusters()).hasSize(1);
    }

    @Test
    void whoWasReplacedIsRefusedInTheMiddleOfHisWork() throws IOException {
        Repository ours = open(one, 2);
        register(ours, "main");
        assertThat(Repository.takeOver(store, other, new Random(3))).isTrue();
        assertThatThrownBy(() -> register(ours, "late")).isInstanceOf(OtherWriterException.class);
        Repository theirs = open(other, 4);
        register(theirs, "second");
        assertThat(theirs.clusters()).extracting(ClusterCatalog::name).containsExactly("main", "second");
    }

    @Test
    void whoIsReplacedWhileHeWritesIsTold() throws IOException {
        Repository ours = open(one, 2);
        store.before(_ -> Repository.takeOver(store, other, new Random(3)));
        assertThatThrownBy(() -> register(ours, "main")).isInstanceOf(OtherWriterException.class);
        Repository theirs = open(other, 4);
        register(theirs, "second");
        theirs.checkLog();
    }

    @Test
    void anObjectThatSomebodyReplacedAtOnceIsNoticed() throws IOException {
        Repository ours = open(one, 2);
        store.after(name -> {
            try (ObjectWriter writer = store.create(name)) {
                writer.write(ByteBuffer.allocate(500));
                writer.commit();
            }
        });
        assertThatThrownBy(() -> register(ours, "main"))
                .isInstanceOf(OtherWriterException.class)
                .hasMessage("object \"log/0000000000000001\" in replacing: is not what was written a moment ago:"
                        + " there is another writer, though there can only be one");
    }

    @Test
    void aCopyOfTheHostIsNotTheWriter() throws IOException {
        Files.move(folder.resolve("one"), folder.resolve("copied"));
        Repository copied = open(SoleWriters.in(folder.resolve("copied"), "twin"), 2);
        assertThatThrownBy(() -> register(copied, "main")).isInstanceOf(OtherWriterException.class);
        register(open(SoleWriters.in(folder.resolve("copied"), "one"), 2), "main");
    }

    @Test
    void threadsOfOneHostLoseNothingToEachOther() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> results = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                Repository repository = open(one, 10 + number);
                String name = "cluster" + number;
                results.add(threads.submit(() -> {
                    for (int round = 0; round < 10; round++) {
                        register(repository, name + "_" + round);
                    }
                    return true;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
        Repository repository = open(one, 20);
        assertThat(repository.clusters()).hasSize(40);
        repository.checkLog();
    }

    @Test
    void walThatIsThereWithOtherContentStays() throws IOException {
        Repository ours = open(one, 2);
        ClusterRepository cluster = ours.open(register(ours, "main"));
        WalFileName name = WalFileName.parse(SmallRepository.SEGMENT);
        assertThat(cluster.walArchive().put(name, SmallRepository.wal(SmallRepository.SEGMENT)))
                .isEqualTo(PutResult.STORED);
        assertThat(cluster.walArchive().put(name, SmallRepository.wal(SmallRepository.SEGMENT)))
                .isEqualTo(PutResult.SAME_ALREADY_THERE);
        assertThatThrownBy(() -> cluster.walArchive().put(name, SmallRepository.wal("00000002.history")))
                .isInstanceOf(DifferentContentException.class);
    }

    @Test
    void theWholeLifeOfASmallRepositoryWorksEncryptedToo() throws IOException {
        ObjectStore sealed = new ReplacingStore();
        MemoryKey key = new MemoryKey(1);
        Repository made = Repository.createEncrypted(
                sealed,
                Optional.of(one),
                List.of(new RepositoryKeys.Named("operator", key)),
                SmallRepository.CLOCK,
                new Random(5));
        RepositoryAccess access =
                new RepositoryAccess(Optional.of(made.id()), true, Optional.empty(), List.of(key), one);
        SmallRepository.fill(made, "20261122T104200Z-aaaa", "20261122T104300Z-bbbb");
        Repository opened = Repository.open(sealed, access, SmallRepository.CLOCK, new Random(7), LogMemories.NONE);
        ClusterRepository cluster = opened.open(opened.cluster("main").newest().orElseThrow());
        assertThat(cluster.backups()).hasSize(2);
        cluster.delete(cluster.backups().getFirst().id());
        assertThat(cluster.backups()).hasSize(1);
        assertThat(Repository.look(sealed))
                .get()
                .extracting(Repository.Appearance::singleWriter)
                .isEqualTo(true);
    }
}
