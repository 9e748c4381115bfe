package org.pgark.physical.walreceiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.repository.archive.WalArchive;
import org.pgark.testkit.NetworkProxy;
import org.pgark.testkit.SmallFileSystem;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** What may befall a receiver, and that it loses nothing by it. */
class ReceiverFaultsTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    private static void write(TestCluster server, int rows) throws Exception {
        server.execute("create table if not exists account (id int, owner text)");
        server.execute("insert into account select n, repeat('x', 100) from generate_series(1, " + rows + ") n");
    }

    private static WalReceiverRequest in(Path directory, WalReceiverRequest usual, Duration silence) {
        return new WalReceiverRequest(
                directory,
                usual.slot(),
                true,
                usual.flush(),
                usual.saveInterval(),
                usual.reconnect(),
                usual.policy(),
                Optional.empty(),
                silence);
    }

    private static void awaitArchived(ReceiverScene scene) throws Exception {
        String last = scene.server().switchWal();
        WalArchive archive = scene.kept.walArchive();
        Waiting.until("the last segment is archived", () -> archive.contains(WalFileName.parse(last)));
    }

    @Test
    void goesOnAfterKillsAtAnyInstantWithoutGapOrRepeat() throws Exception {
        killed(3);
    }

    @Test
    @Tag("slow")
    void goesOnAfterManyKills() throws Exception {
        killed(Integer.getInteger("pgark.kills", 60));
    }

    private static void killed(int times) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of("wal_keep_size", "1GB"))) {
            TestCluster server = scene.server();
            for (int round = 0; round < times; round++) {
                Process receiver = ReceiverProcess.start(scene);
                try {
                    boolean awaits = round % 3 != 2;
                    if (awaits) {
                        Waiting.until(
                                "the receiver streams",
                                () -> server.query("select count(*) from pg_stat_replication where state = 'streaming'")
                                        .equals("1"));
                    }
                    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                        try {
                            write(server, 15_000);
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
                    boolean ended = receiver.waitFor(random.nextInt(awaits ? 200 : 1000), TimeUnit.MILLISECONDS);
                    assertThat(ended).as("ended by itself, seed %d", seed).isFalse();
                    receiver.destroyForcibly().waitFor();
                    writing.join();
                } finally {
                    receiver.destroyForcibly().waitFor();
                }
            }
            scene.start(scene.request());
            awaitArchived(scene);
            assertThat(scene.stop()).isEmpty();
            sameAsServers(scene, "seed " + seed);
        }
    }

    private static void sameAsServers(ReceiverScene scene, String what) throws Exception {
        List<WalSegmentName> names = scene.kept.walArchive().list(Timeline.FIRST).stream()
                .filter(file -> file.name() instanceof WalFileName.Segment)
                .map(file -> WalSegmentName.parse(file.name().toString()))
                .toList();
        assertThat(names).as(what).hasSizeGreaterThan(2);
        Path fetched = scene.fetchedWal(scene.folder.resolve("fetched"));
        for (int index = 0; index < names.size(); index++) {
            if (index > 0) {
                assertThat(names.get(index))
                        .as(what)
                        .isEqualTo(names.get(index - 1).next(SIZE));
            }
            String name = names.get(index).toString();
            assertThat(fetched.resolve(name))
                    .as(what)
                    .hasSameBinaryContentAs(
                            scene.server().dataDirectory().resolve("pg_wal").resolve(name));
        }
    }

    @Test
    void waitsUntilAFullDiskHasRoomAgain() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (SmallFileSystem small = SmallFileSystem.mount(8 << 20);
                ReceiverScene scene = ReceiverScene.started(18, Map.of("wal_keep_size", "1GB"))) {
            Path directory = small.folder().resolve("received");
            scene.start(in(directory, scene.request(), Duration.ofSeconds(60)));
            write(scene.server(), 1000);
            Path ballast = small.fill();
            write(scene.server(), 30_000);
            Waiting.until(
                    "the receiver complains",
                    () -> scene.lines.stream()
                            .anyMatch(
                                    line -> line.matches("warning: could not create WAL file \".*\\.partial\": No space"
                                            + " left on device; trying again")));
            Files.delete(ballast);
            awaitArchived(scene);
            assertThat(scene.stop()).isEmpty();
            sameAsServers(scene, "after the disk was full");
            assertThat(scene.lines.stream()
                            .filter(line -> line.contains("No space left on device"))
                            .distinct()
                            .count())
                    .isLessThanOrEqualTo(2);
        }
    }

    @Test
    void givesTheSlotUpWhereADiskStaysFull() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (SmallFileSystem small = SmallFileSystem.mount(8 << 20);
                ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            WalReceiverRequest usual = scene.request();
            scene.start(new WalReceiverRequest(
                    small.folder().resolve("received"),
                    usual.slot(),
                    true,
                    FlushMode.DIRECTORY,
                    usual.saveInterval(),
                    usual.reconnect(),
                    new SlotPolicy(1 << 20, 2 << 20, Duration.ofSeconds(2)),
                    Optional.empty()));
            write(scene.server(), 1000);
            small.fill();
            write(scene.server(), 30_000);
            assertThat(scene.awaitFailure())
                    .isInstanceOf(FailedException.class)
                    .hasMessageEndingWith("kept more WAL than the limit, did not catch up, and was dropped");
            assertThat(scene.server().query("select count(*) from pg_replication_slots"))
                    .isEqualTo("0");
        }
    }

    @Test
    void keepsTheConnectionOverASlowNetwork() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of("wal_sender_timeout", "1s"));
                NetworkProxy network = scene.throughProxy()) {
            scene.start(scene.request());
            network.limit(2_000_000);
            write(scene.server(), 30_000);
            awaitArchived(scene);
            assertThat(scene.stop()).isEmpty();
            assertThat(scene.lines).noneMatch(line -> line.startsWith("warning: ") && line.endsWith("trying again"));
        }
    }

    @Test
    void noticesANetworkThatSwallowsEverything() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of());
                NetworkProxy network = scene.throughProxy()) {
            scene.start(in(scene.directory(), scene.request(), Duration.ofSeconds(2)));
            write(scene.server(), 1000);
            network.hold(true);
            write(scene.server(), 1000);
            Waiting.until(
                    "the receiver notices",
                    () -> scene.lines.contains(
                            "warning: nothing was heard from the server for 2 s, though it was asked;"
                                    + " trying again"));
            network.hold(false);
            scene.awaitStreaming();
            awaitArchived(scene);
            assertThat(scene.stop()).isEmpty();
        }
    }

    @Test
    void acknowledgesWhatTheRepositoryHasIfItIsToldSo() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of("synchronous_standby_names", "receiver"))) {
            scene.start(scene.request(FlushMode.REPOSITORY));
            write(scene.server(), 10);
            Path repository = scene.folder.resolve("repository");
            Path away = scene.folder.resolve("away");
            Files.move(repository, away);
            Files.createFile(repository);
            CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> {
                try {
                    write(scene.server(), 10);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            Waiting.until(
                    "the uploads fail",
                    () -> scene.lines.stream()
                            .anyMatch(line -> line.startsWith("warning: WAL cannot be brought into the repository: ")));
            Path partial = new ReceivedNames(scene.directory()).partial();
            assertThat(ReceiverDirectory.received(new ReceivedSegment(
                            WalSegmentName.parse(
                                    partial.getFileName().toString().substring(0, 24)),
                            partial,
                            false)))
                    .isPositive();
            assertThat(commit).isNotDone();
            Files.delete(repository);
            Files.move(away, repository);
            commit.get(30, TimeUnit.SECONDS);
            assertThat(scene.stop()).isEmpty();
        }
    }

    @Test
    void savesASegmentThatGrowsSlowlyInFewObjects() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of("synchronous_standby_names", "receiver"))) {
            scene.start(scene.request(FlushMode.REPOSITORY));
            scene.server().execute("create table account (id int)");
            for (int commit = 0; commit < 600; commit++) {
                scene.server().execute("insert into account values (" + commit + ")");
            }
            Waiting.until("pieces are joined", () -> pieces(scene) < 200);
            assertThat(scene.stop()).isEmpty();
            Path partial = new ReceivedNames(scene.directory()).partial();
            WalSegmentName running =
                    WalSegmentName.parse(partial.getFileName().toString().substring(0, 24));
            byte[] saved = scene.kept.walArchive().running().content(running);
            // A record that ends with zeros ends behind the last byte that the file shows.
            assertThat(saved.length)
                    .isGreaterThanOrEqualTo(ReceiverDirectory.received(new ReceivedSegment(running, partial, false)));
            byte[] same = Arrays.copyOf(Files.readAllBytes(partial), saved.length);
            assertThat(Arrays.equals(saved, same)).isTrue();
        }
    }

    private static long pieces(ReceiverScene scene) throws Exception {
        try (Stream<Path> files = Files.walk(scene.folder.resolve("repository"))) {
            return files.filter(file -> file.toString().endsWith(".piece")).count();
        }
    }

    private static FailedException refusal(ReceiverScene scene) {
        FailedException refused = catchThrowableOfType(
                FailedException.class, () -> scene.receiver(scene.request()).run());
        assertThat(refused).isNotNull();
        return refused;
    }

    @Test
    void endsWhereTheServerWillNotLetItIn() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of("max_wal_senders", "1"))) {
            Files.writeString(scene.server().dataDirectory().resolve("pg_hba.conf"), """
                local all postgres trust
                local replication guarded scram-sha-256
                local replication all trust
                host all all 127.0.0.1/32 trust
                """);
            scene.server().reconfigure(Map.of());
            scene.server().execute("create role reader login; create role guarded login replication password 'right'");
            scene.enters("user=reader");
            FailedException unprivileged = refusal(scene);
            assertThat(unprivileged.code()).isEqualTo("no_replication_privilege");
            assertThat(unprivileged.hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains(" REPLICATION\""));
            scene.enters("user=guarded password=wrong");
            assertThat(refusal(scene).code()).isEqualTo("wrong_password");
            assertThat(refusal(scene)).hasMessageContaining("password authentication failed for user \"guarded\"");
            scene.enters("user=guarded");
            assertThat(refusal(scene).code()).isEqualTo("password_missing");
            scene.enters("");
            waitsForAFreeSender(scene);
        }
    }

    /** That others hold all of max_wal_senders passes, so it is waited for, and said once. */
    private static void waitsForAFreeSender(ReceiverScene scene) throws Exception {
        CompletableFuture<Void> started;
        try (WireConnection other = WireConnection.open(
                scene.entranceSettings(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none())) {
            assertThat(other.isClosed()).isFalse();
            started = CompletableFuture.runAsync(() -> {
                try {
                    scene.start(scene.request());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            Waiting.until(
                    "the receiver complains",
                    () -> scene.lines.stream().anyMatch(line -> line.contains("\"max_wal_senders\" (currently 1)")));
            scene.lines.forEach(line -> assertThat(line)
                    .startsWith("warning: ")
                    .contains("Raise max_wal_senders on the server")
                    .endsWith("; trying again"));
            assertThat(scene.lines).hasSize(1);
        }
        started.get(30, TimeUnit.SECONDS);
        assertThat(scene.stop()).isEmpty();
    }
}
