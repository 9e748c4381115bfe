package org.pgark.physical.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.StopMode;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.PieceChain;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.archive.WalSource;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.testkit.FileFault;
import org.pgark.testkit.TestCluster;

class WalPushTest {
    private static TestCluster server;
    private static Path data;
    private static ControlFile control;
    private static String segment;

    @TempDir
    Path folder;

    private Path file;
    private ArchiveAccess archives;
    private WalPush push;

    @BeforeAll
    static void makeWal() throws Exception {
        server = TestCluster.of(15).walSegmentMegabytes(1).started();
        server.execute("create table event (id int)");
        segment = server.switchWal();
        data = server.dataDirectory();
        server.stop(StopMode.IMMEDIATE);
        control = ControlFile.read(data);
    }

    @AfterAll
    static void removeWal() throws Exception {
        server.close();
    }

    private void makeRepository(String name) throws IOException {
        try (Repository repository = Repository.create(
                new LocalDirectoryStore(folder.resolve(name)), InstantSource.system(), new SecureRandom())) {
            repository.registerCluster("main", control.systemIdentifier(), control.major(), control.walSegmentSize());
        }
    }

    @BeforeEach
    void makeRepository() throws IOException {
        makeRepository("repository");
        archives = new ArchiveAccess("main", this::open, InstantSource.system());
        push = new WalPush(archives);
        file = folder.resolve(segment);
        Files.copy(data.resolve("pg_wal").resolve(segment), file);
    }

    private Repository open() throws IOException {
        return Repository.open(
                new LocalDirectoryStore(folder.resolve("repository")),
                Optional.empty(),
                InstantSource.system(),
                new SecureRandom());
    }

    private void refuses(String message, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(RefusedException.class).hasMessage(message);
    }

    private static String sha256(Path path) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    }

    @Test
    void keepsASegmentAndWhatItTells() throws Exception {
        PushedFile pushed = push.push(data, file);

        assertThat(pushed.result()).isEqualTo(PutResult.STORED);
        assertThat(pushed.system()).isEqualTo(control.systemIdentifier());
        assertThat(pushed.identity()).isEqualTo(FileIdentity.of(file));
        try (ArchiveAccess.Use archive = archives.useNewest()) {
            WalFacts facts = WalFacts.decode(archive.repository()
                    .walArchive()
                    .facts(new WalFileName.Segment(WalSegmentName.parse(segment)))
                    .orElseThrow());
            assertThat(archive.repository()
                            .walArchive()
                            .content(WalFileName.parse(segment))
                            .orElseThrow()
                            .sha256())
                    .isEqualTo(sha256(file));
            assertThat(facts.restorePoints()).hasSize(1);
            assertThat(facts.transactions().isEmpty()).isFalse();
        }
        Path target = folder.resolve("target");
        assertThat(new WalGet(archives).getOfNewest(WalFileName.parse(segment), target))
                .hasValue(1 << 20);
        assertThat(target).hasSameBinaryContentAs(file);
    }

    @Test
    void aVerdictIsNoneWhenTheConfigurationNamesAnotherRepository() throws Exception {
        makeRepository("other");
        Path configuration = Files.writeString(folder.resolve("configuration"), "repository");
        ArchiveAccess configured = new ArchiveAccess(
                "main",
                new RepositoryOpener() {
                    @Override
                    public Repository open() throws IOException {
                        return Repository.open(
                                new LocalDirectoryStore(folder.resolve(Files.readString(configuration))),
                                Optional.empty(),
                                InstantSource.system(),
                                new SecureRandom());
                    }

                    @Override
                    public Optional<Path> configuration() {
                        return Optional.of(configuration);
                    }
                },
                () -> Instant.EPOCH);
        WalPush pushing = new WalPush(configured);
        PushedFile pushed = pushing.push(data, file);
        Path left = folder.resolve("verdict");
        Verdict.on(pushed, data).write(left);
        Verdict verdict = Verdict.read(left).orElseThrow();
        assertThat(verdict).isEqualTo(Verdict.on(pushed, data));
        assertThat(verdict.place().configuration()).isEqualTo(configuration.toString());
        assertThat(pushing.covers(verdict, data, file)).isTrue();

        Files.writeString(configuration, "other");
        assertThat(pushing.covers(verdict, data, file)).isFalse();
        PushedFile again = pushing.push(data, file);
        assertThat(again.result()).isEqualTo(PutResult.STORED);
        assertThat(again.place().repository()).isNotEqualTo(pushed.place().repository());

        Files.writeString(configuration, "repository");
        assertThat(pushing.covers(verdict, data, file)).isTrue();
        assertThat(verdict.place().state())
                .isNotEqualTo(FileIdentity.of(configuration).toString());
        Files.write(file, new byte[1 << 20]);
        assertThat(pushing.covers(verdict, data, file)).isFalse();
        Files.delete(file);
        assertThat(pushing.covers(verdict, data, file)).isFalse();
        Files.writeString(configuration, "nowhere");
        assertThatThrownBy(() -> pushing.covers(verdict, data, file)).isInstanceOf(FailedException.class);
        configured.close();
    }

    @Test
    void aDamagedSegmentIsReplacedWhenItIsPushedAgain() throws Exception {
        push.push(data, file);
        Path object;
        try (Stream<Path> files = Files.walk(folder.resolve("repository"))) {
            object = files.filter(path -> path.endsWith(segment)).findFirst().orElseThrow();
        }
        FileFault.flipBit(object, 100);
        Path target = folder.resolve("target");
        assertThatThrownBy(() -> new WalGet(archives).getOfNewest(WalFileName.parse(segment), target))
                .isInstanceOf(FailedException.class);

        assertThat(push.push(data, file).result()).isEqualTo(PutResult.MENDED);

        assertThat(new WalGet(archives).getOfNewest(WalFileName.parse(segment), target))
                .hasValue(1 << 20);
        assertThat(target).hasSameBinaryContentAs(file);
    }

    @Test
    void takesTheSameContentAgain() throws Exception {
        push.push(data, file);

        assertThat(push.push(data, data.resolve("pg_wal").resolve(segment)).result())
                .isEqualTo(PutResult.SAME_ALREADY_THERE);
    }

    @Test
    void refusesOtherContentUnderTheSameNameAndNamesBoth() throws Exception {
        push.push(data, file);
        String first = sha256(file);
        byte[] other = Files.readAllBytes(file);
        other[other.length - 1]++;
        Files.write(file, other);

        assertThatThrownBy(() -> push.push(data, file))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("wal_content_differs");
                    assertThat(refused.hint().orElseThrow()).startsWith("The archived file stays.");
                })
                .hasMessageStartingWith("WAL file \"" + segment + "\" is archived already with other content: ")
                .hasMessageContaining("1048576 bytes with SHA-256 " + first)
                .hasMessageContaining("with SHA-256 " + sha256(file));
    }

    @Test
    void refusesASegmentThatIsNotAsLongAsItMustBe() throws Exception {
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 1000));

        assertThatThrownBy(() -> push.push(data, file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(segment)
                .hasMessageContaining("1000")
                .hasMessageContaining("1048576");
    }

    @Test
    void refusesASegmentUnderAnotherName() throws Exception {
        Path renamed = folder.resolve("000000010000000000000009");
        Files.move(file, renamed);

        assertThatThrownBy(() -> push.push(data, renamed))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("000000010000000000000009")
                .hasMessageContaining("0/900000");
    }

    @Test
    void refusesWalOfAnotherCluster() throws Exception {
        byte[] foreign = Files.readAllBytes(file);
        foreign[24]++;
        Files.write(file, foreign);

        assertThatThrownBy(() -> push.push(data, file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("system identifier")
                .hasMessageContaining(control.systemIdentifier().toString());
    }

    @Test
    void refusesAClusterThatWasInitialisedAnew() throws Exception {
        ArchiveAccess others = new ArchiveAccess(
                "other",
                () -> {
                    Repository repository = open();
                    repository.registerCluster(
                            "other", new SystemIdentifier(1), PostgresMajor.V15, control.walSegmentSize());
                    return repository;
                },
                InstantSource.system());

        refuses(
                "this data directory has system identifier " + control.systemIdentifier()
                        + ", but cluster \"other\" is registered with 1 in file:" + folder.resolve("repository"),
                () -> new WalPush(others).push(data, file));
    }

    @Test
    void refusesAClusterThatIsNotRegistered() {
        ArchiveAccess others = new ArchiveAccess("other", this::open, InstantSource.system());

        refuses(
                "cluster \"other\" is not registered in file:" + folder.resolve("repository"),
                () -> new WalPush(others).push(data, file));
    }

    @Test
    void seesThatTheRepositoryWasMadeAnew() throws Exception {
        Instant[] now = {Instant.parse("2026-11-22T10:42:00Z")};
        ArchiveAccess patient = new ArchiveAccess("main", this::open, () -> now[0]);
        new WalPush(patient).push(data, file);
        org.pgark.embedded.FileTree.delete(folder.resolve("repository"));
        try (Repository _ = Repository.create(
                new LocalDirectoryStore(folder.resolve("repository")), InstantSource.system(), new SecureRandom())) {
            now[0] = now[0].plusSeconds(3);
        }

        refuses(
                "cluster \"main\" is not registered in file:" + folder.resolve("repository"),
                () -> new WalPush(patient).push(data, file));
    }

    /** It takes a store with latency half a second, in which nothing would be archived. */
    @Test
    void nobodyWaitsForTheRepositoryToBeLookedUpAgain() throws Exception {
        Instant begin = Instant.parse("2026-11-22T10:42:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(begin);
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch slow = new CountDownLatch(1);
        RepositoryOpener opener = () -> {
            if (opened.incrementAndGet() == 2) {
                waitFor(slow);
            }
            return open();
        };
        try (ArchiveAccess used = new ArchiveAccess("main", opener, now::get)) {
            new WalPush(used).push(data, file);
            ClusterRepository first = repository(used);
            now.set(begin.plusMillis(1500));
            assertThat(new WalPush(used).push(data, file).result()).isEqualTo(PutResult.SAME_ALREADY_THERE);
            slow.countDown();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (repository(used).equals(first)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(5);
            }
            // The first is not to be trusted any more by then.
            now.set(begin.plusMillis(2600));
            assertThat(new WalPush(used).push(data, file).result()).isEqualTo(PutResult.SAME_ALREADY_THERE);
            assertThat(opened).hasValue(2);
        }
    }

    private static ClusterRepository repository(ArchiveAccess archives) throws OperationException {
        try (ArchiveAccess.Use use = archives.useNewest()) {
            return use.repository();
        }
    }

    private static void waitFor(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void keepsSeveralUnfinishedSegmentsOfOneName() throws Exception {
        Path partial = folder.resolve(segment + ".partial");
        Files.copy(file, partial);
        assertThat(push.push(data, partial).result()).isEqualTo(PutResult.STORED);
        byte[] other = Files.readAllBytes(partial);
        other[other.length - 1]++;
        Files.write(partial, other);

        assertThat(push.push(data, partial).result()).isEqualTo(PutResult.STORED);
        assertThat(push.push(data, partial).result()).isEqualTo(PutResult.SAME_ALREADY_THERE);
    }

    @Test
    void keepsHistoriesThatAreWhatTheirNameSays() throws Exception {
        Path history = folder.resolve("00000002.history");
        Files.writeString(history, "1\t0/3000000\tno recovery target specified\n");
        assertThat(push.push(data, history).result()).isEqualTo(PutResult.STORED);
        Path backup = folder.resolve(segment + ".00000028.backup");
        Files.writeString(backup, "START WAL LOCATION: 0/100028 (file " + segment + ")\n");
        assertThat(push.push(data, backup).result()).isEqualTo(PutResult.STORED);

        Path wrong = folder.resolve("00000003.history");
        Files.copy(file, wrong, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> push.push(data, wrong)).isInstanceOf(RefusedException.class);
        Files.copy(file, backup, StandardCopyOption.REPLACE_EXISTING);
        refuses(
                "backup history file \"" + segment + ".00000028.backup\" does not begin with \"START WAL LOCATION: \"",
                () -> push.push(data, backup));
    }

    @Test
    void refusesWhatIsNoWalFile() {
        refuses(
                "invalid WAL file name \"pg_hba.conf\", must be a segment, a .partial segment, a .history or a .backup"
                        + " file",
                () -> push.push(data, folder.resolve("pg_hba.conf")));
    }

    @Test
    void tellsOfFaults() throws Exception {
        Files.delete(file);
        assertThatThrownBy(() -> push.push(data, file))
                .isInstanceOf(FailedException.class)
                .hasMessage("WAL file \"" + file + "\" does not exist");

        org.pgark.embedded.FileTree.delete(folder.resolve("repository"));
        ArchiveAccess gone = new ArchiveAccess("main", this::open, InstantSource.system());
        assertThatThrownBy(() -> new WalPush(gone).push(data, file))
                .isInstanceOf(FailedException.class)
                .hasMessageStartingWith("the repository cannot be read: ");
    }

    @Test
    void aHoleIsNoEndOfTheArchive() throws Exception {
        push.push(data, file);
        WalSegmentName there = WalSegmentName.parse(segment);
        WalSegmentName before = WalSegmentName.ofNumber(
                there.timeline(), there.number(control.walSegmentSize()) - 1, control.walSegmentSize());
        WalGet get = new WalGet(archives);
        Path target = folder.resolve("target");

        assertThatThrownBy(() -> get.getOfNewest(new WalFileName.Segment(before), target))
                .isInstanceOf(FailedException.class)
                .hasMessage("WAL segment \"" + before + "\" is not in the archive, although the one after it is");
        assertThat(get.getOfNewest(new WalFileName.Segment(there.next(control.walSegmentSize())), target))
                .isEmpty();
    }

    @Test
    void aGrowingSegmentIsAHoleWhereTheOneAfterItIsArchived() throws Exception {
        WalSegmentName growing = WalSegmentName.parse(segment);
        WalSegmentName next = growing.next(control.walSegmentSize());
        byte[] whole = Files.readAllBytes(file);
        WalGet get = new WalGet(archives);
        Path target = folder.resolve("target");
        try (ArchiveAccess.Use archive = archives.useNewest()) {
            PieceChain chain = archive.repository().walArchive().running().chain(growing, control.walSegmentSize());
            PieceChain.Source source = (from, length) -> Arrays.copyOfRange(whole, from, from + length);
            chain.append(whole.length / 2, source);
            assertThat(get.fetch(control.systemIdentifier(), new WalFileName.Segment(growing), target))
                    .hasValue(new FetchedWal(whole.length, true));

            archive.repository().walArchive().put(new WalFileName.Segment(next), new WalSource() {
                @Override
                public ReadableByteChannel open() {
                    return Channels.newChannel(new ByteArrayInputStream(whole));
                }

                @Override
                public byte[] facts() {
                    return new byte[] {1};
                }
            });
            assertThatThrownBy(() -> get.fetch(control.systemIdentifier(), new WalFileName.Segment(growing), target))
                    .isInstanceOf(FailedException.class)
                    .hasMessage("WAL segment \"" + growing + "\" is not in the archive, although the one after it is");

            chain.append(whole.length, source);
            assertThat(get.fetch(control.systemIdentifier(), new WalFileName.Segment(growing), target))
                    .hasValue(new FetchedWal(whole.length, false));
            assertThat(target).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void provesAbsence() throws OperationException {
        Path target = folder.resolve("target");

        assertThat(new WalGet(archives)
                        .get(control.systemIdentifier(), WalFileName.parse("000000010000000000000099"), target))
                .isEmpty();
        assertThat(target).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**/.target*");
    }
}
