package org.pgark.physical.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.PushedFile;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.frame.Compression;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoreStep;
import org.pgark.testkit.TestCluster;

class ArchivesTest {
    private static TestCluster server;
    private static Path data;
    private static Path segment;
    private static Path next;
    private static SystemIdentifier system;

    @TempDir
    private Path folder;

    private final Map<String, MemoryStore> stores = new HashMap<>();
    private final Map<String, Optional<IOException>> outages = new HashMap<>();
    private final AtomicLong nanos = new AtomicLong(1);
    private final Instant begin = Instant.now();
    private List<String> names = List.of("near", "far");

    @BeforeAll
    static void start() throws Exception {
        server = TestCluster.of(15).walSegmentMegabytes(1).started();
        data = server.dataDirectory();
        String name = server.switchWal();
        segment = data.resolve("pg_wal").resolve(name);
        next = data.resolve("pg_wal").resolve(server.switchWal());
        system = ControlFile.read(data).systemIdentifier();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void make() throws IOException {
        for (String name : names) {
            make(name);
        }
    }

    private void make(String name) throws IOException {
        MemoryStore store = new MemoryStore();
        stores.put(name, store);
        outages.put(name, Optional.empty());
        Repository repository = Repository.create(store, Clock.systemUTC(), new SecureRandom());
        ControlFile control = ControlFile.read(data);
        repository.registerCluster("main", control.systemIdentifier(), control.major(), control.walSegmentSize());
    }

    private MemoryStore store(String name) {
        return Optional.ofNullable(stores.get(name)).orElseThrow();
    }

    private Repository open(String name) throws IOException {
        ObjectStore store = new FaultyObjectStore(store(name), (_, _, _) -> {
            Optional<IOException> outage = outages.getOrDefault(name, Optional.empty());
            if (outage.isPresent()) {
                throw outage.get();
            }
        });
        return Repository.open(store, Optional.empty(), Clock.systemUTC(), new SecureRandom());
    }

    private Archives archives(Requirement requirement) {
        List<ArchivePlaces.Place> places = new ArrayList<>();
        names.forEach(name -> places.add(new ArchivePlaces.Place(name, () -> open(name))));
        return new Archives(
                "main",
                ArchivePlaces.Source.of(new ArchivePlaces(places, requirement)),
                2,
                () -> begin.plusNanos(nanos.get()),
                nanos::get);
    }

    private static ArchivesPush push(Archives archives) {
        return new ArchivesPush(archives, Compression.DEFAULT, Clock.systemUTC());
    }

    private ClusterRepository kept(String name) throws IOException {
        Repository open = Repository.open(store(name), Optional.empty(), Clock.systemUTC(), new SecureRandom());
        return open.open(open.cluster("main").newest().orElseThrow());
    }

    private boolean has(String name) throws IOException {
        return has(name, segment);
    }

    private boolean has(String name, Path file) throws IOException {
        return kept(name)
                .walArchive()
                .contains(WalFileName.parse(file.getFileName().toString()));
    }

    /** The segment as a server of another history has it. */
    private Path otherHistory() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("data/pg_wal"));
        Files.createDirectories(folder.resolve("data/global"));
        Files.copy(data.resolve("global/pg_control"), folder.resolve("data/global/pg_control"));
        byte[] content = Files.readAllBytes(segment);
        content[content.length - 1] ^= 1;
        return Files.write(copy.resolve(segment.getFileName()), content);
    }

    private void pushOtherHistoryTo(String name) throws Exception {
        List<String> all = names;
        names = List.of(name);
        try (Archives archives = archives(new Requirement.All())) {
            push(archives).push(folder.resolve("data"), otherHistory());
        }
        names = all;
    }

    @Test
    void oneThatWillRefuseASegmentGetsNothingBehindIt() throws Exception {
        pushOtherHistoryTo("far");
        for (Requirement requirement : List.of(new Requirement.All(), new Requirement.Any())) {
            try (Archives archives = archives(requirement)) {
                ArchivesPush push = push(archives);
                outage("far");
                try {
                    push.push(data, segment);
                } catch (OperationException e) {
                    assertThat(e.code()).isEqualTo(ArchivesPush.NOT_EVERYWHERE);
                }
                back("far");
                assertThatThrownBy(() -> push.push(data, next))
                        .isInstanceOfSatisfying(
                                OperationException.class,
                                e -> assertThat(e.code()).isEqualTo("wal_content_differs"))
                        .hasMessageStartingWith("repository \"far\" has other content under the name "
                                + segment.getFileName() + " than \"near\"");
                assertThat(has("far", next)).isFalse();
            }
        }
    }

    @Test
    void nothingIsFilledInBehindASegmentOfAnotherHistory() throws Exception {
        pushOtherHistoryTo("far");
        names = List.of("near");
        try (Archives archives = archives(new Requirement.All())) {
            push(archives).push(data, segment);
            push(archives).push(data, next);
        }
        names = List.of("near", "far");
        try (Archives archives = archives(new Requirement.Any())) {
            assertThat(new FillingUp(archives, 2).look(system)).isTrue();
        }
        assertThat(has("far", next)).isFalse();
    }

    private void outage(String name) {
        outages.put(name, Optional.of(new IOException("no route to " + name)));
    }

    private void back(String name) {
        outages.put(name, Optional.empty());
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void whatIsArchivedIsInAllThatAreRequired() throws Exception {
        try (Archives archives = archives(new Requirement.All())) {
            PushedFile pushed = push(archives).push(data, segment);
            assertThat(pushed.result()).isEqualTo(PutResult.STORED);
            assertThat(has("near")).isTrue();
            assertThat(has("far")).isTrue();
        }
    }

    @Test
    void aRepositoryThatIsAwayFailsTheFileAndTheOtherHasIt() throws Exception {
        try (Archives archives = archives(new Requirement.All())) {
            ArchivesPush push = push(archives);
            outage("far");
            assertThatThrownBy(() -> push.push(data, segment))
                    .isInstanceOfSatisfying(
                            OperationException.class, e -> assertThat(e.code()).isEqualTo(ArchivesPush.NOT_EVERYWHERE))
                    .hasMessageContaining("is in \"near\", but not in \"far\": ")
                    .hasMessageContaining("no route to far");
            assertThat(has("near")).isTrue();
            back("far");
            assertThat(push.push(data, segment).result()).isEqualTo(PutResult.STORED);
            assertThat(has("far")).isTrue();
        }
    }

    @Test
    void oneThatIsNotRequiredIsFilledUpLater() throws Exception {
        try (Archives archives = archives(new Requirement.One("near"))) {
            outage("far");
            push(archives).push(data, segment);
            FillingUp filling = new FillingUp(archives, 2);
            assertThat(filling.look(system)).isTrue();
            back("far");
            filling.look(system);
            assertThat(has("far")).isTrue();
            assertThat(filling.look(system)).isFalse();
        }
    }

    @Test
    void aRequiredOneIsNotReplacedByAnother() {
        try (Archives archives = archives(new Requirement.One("near"))) {
            outage("near");
            assertThatThrownBy(() -> push(archives).push(data, segment)).hasMessageContaining("not in \"near\"");
        }
    }

    @Test
    void whatARepositoryHadBeforeItWasWipedDoesNotCount() throws Exception {
        try (Archives archives = archives(new Requirement.All())) {
            ArchivesPush push = push(archives);
            outage("far");
            assertThatThrownBy(() -> push.push(data, segment)).isInstanceOf(OperationException.class);
            make("near");
            back("far");
            push.push(data, segment);
            assertThat(has("near")).isTrue();
            assertThat(has("far")).isTrue();
        }
    }

    @Test
    void theSameRepositoryTwiceIsOneCopy() throws Exception {
        stores.put("far", store("near"));
        try (Archives archives = archives(new Requirement.All())) {
            assertThatThrownBy(() -> push(archives).push(data, segment)).hasMessageContaining("are the same, ");
        }
    }

    @Test
    void otherContentInOneIsRefusedByAll() throws Exception {
        try (Archives archives = archives(new Requirement.Any())) {
            push(archives).push(data, segment);
        }
        make("far");
        Path other = otherHistory();
        try (Archives archives = archives(new Requirement.Any())) {
            assertThatThrownBy(() -> push(archives).push(folder.resolve("data"), other))
                    .isInstanceOfSatisfying(
                            OperationException.class, e -> assertThat(e.code()).isEqualTo("wal_content_differs"));
        }
        assertThat(has("far")).isFalse();
    }

    @Test
    void oneThatHangsHoldsUpNoOther() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<ArchivePlaces.Place> places = List.of(
                new ArchivePlaces.Place("near", () -> hanging(end)), new ArchivePlaces.Place("far", () -> open("far")));
        try (Archives archives = new Archives(
                "main",
                ArchivePlaces.Source.of(new ArchivePlaces(places, new Requirement.All())),
                2,
                Clock.systemUTC())) {
            ArchivesPush push =
                    new ArchivesPush(archives, Compression.DEFAULT, Clock.systemUTC(), Duration.ofMillis(300));
            assertThatThrownBy(() -> push.push(data, segment)).hasMessageContaining("it has not answered for ");
            assertThatThrownBy(() -> push.push(data, segment)).hasMessageContaining("but not in \"near\"");
            assertThat(has("far")).isTrue();
            end.countDown();
        }
    }

    private Repository hanging(CountDownLatch end) throws IOException {
        ObjectStore store = new FaultyObjectStore(store("near"), (step, name, _) -> {
            if (step == StoreStep.CREATE && name.value().contains("/wal/")) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        });
        return Repository.open(store, Optional.empty(), Clock.systemUTC(), new SecureRandom());
    }

    @Test
    void fetchesFromTheNextWhereTheNearestIsDamagedOrAway() throws Exception {
        WalFileName name = WalFileName.parse(segment.getFileName().toString());
        Path target = folder.resolve("fetched");
        try (Archives archives = archives(new Requirement.All())) {
            push(archives).push(data, segment);
            ArchivesGet get = new ArchivesGet(archives);
            damage("near");
            assertThat(get.get(system, name, target)).hasValue(Files.size(segment));
            assertThat(target).hasSameBinaryContentAs(segment);

            outage("near");
            assertThat(get.getOfNewest(name, target)).hasValue(Files.size(segment));
            WalFileName absent = WalFileName.parse("0000000100000000000000FF");
            assertThatThrownBy(() -> get.get(system, absent, target)).hasMessageContaining("no route to near");
            back("near");
            assertThat(get.get(system, absent, target)).isEqualTo(OptionalLong.empty());
        }
    }

    private void damage(String name) throws IOException {
        MemoryStore store = store(name);
        ObjectName object = store.list(new ObjectName("clusters")).stream()
                .map(one -> one.name())
                .filter(one -> one.value().endsWith("/" + segment.getFileName()))
                .findFirst()
                .orElseThrow();
        int size = Math.toIntExact(store.size(object).orElseThrow());
        ByteBuffer bytes = ByteBuffer.allocate(size);
        store.read(object, 0, bytes);
        bytes.put(100, (byte) (bytes.get(100) ^ 1)).flip();
        store.delete(object);
        try (var writer = store.create(object)) {
            writer.write(bytes);
            writer.commit();
        }
    }
}
