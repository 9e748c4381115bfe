package org.pgark.physical.walreceiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.WalArchive;
import org.pgark.testkit.NetworkProxy;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** What a receiver keeps, where, and what it refuses. */
class WalReceiverTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    private static void write(TestCluster server, int rows) throws Exception {
        server.execute("create table if not exists account (id int, owner text)");
        server.execute("insert into account select n, repeat('x', 100) from generate_series(1, " + rows + ") n");
    }

    private static Lsn end(Path segment) throws IOException {
        String name = String.valueOf(segment.getFileName()).substring(0, 24);
        return WalSegmentName.parse(name).start(SIZE);
    }

    @Test
    void archivesSegmentsAndSavesTheRunningOneWhileItGrows() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            write(scene.server(), 20_000);
            String full = scene.server().switchWal();
            scene.server().execute("select pg_create_restore_point('in the running segment')");
            Lsn position = scene.position();
            WalArchive archive = scene.kept.walArchive();
            WalSegmentName running = WalSegmentName.containing(Timeline.FIRST, position, SIZE);
            Waiting.until("the full segment is archived", () -> archive.contains(WalFileName.parse(full)));
            Waiting.until(
                    "the running one is saved",
                    () -> archive.running().savedTo(running) >= position.minus(running.start(SIZE)) - 8);
            assertThat(archive.contains(running)).isFalse();
            scene.server().switchWal();
            Waiting.until("it is archived whole", () -> archive.contains(running));
            Waiting.until(
                    "its pieces are gone",
                    () -> archive.running().list(Timeline.FIRST).stream().noneMatch(running::equals));
            assertThat(scene.stop()).isEmpty();
            assertThat(new ReceivedNames(scene.directory()).complete()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void keepsThePiecesOfASegmentThatIsDamagedInTheArchive() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            write(scene.server(), 1_000);
            WalFileName full = WalFileName.parse(scene.server().switchWal());
            WalSegmentName segment = WalSegmentName.parse(full.toString());
            WalArchive archive = scene.kept.walArchive();
            Waiting.until("the full segment is archived", () -> archive.contains(full));
            scene.stop();
            byte[] content;
            try (InputStream stream = archive.open(full)) {
                content = stream.readAllBytes();
            }
            archive.running()
                    .chain(segment, SIZE)
                    .append(content.length / 2, (from, length) -> Arrays.copyOfRange(content, from, from + length));
            Path object = scene.folder
                    .resolve("repository")
                    .resolve(archive.objectOf(full).toString());
            byte[] damaged = Files.readAllBytes(object);
            damaged[damaged.length / 2] ^= 1;
            Files.write(object, damaged);
            // Else it would be put in the place of the damaged one.
            Files.deleteIfExists(scene.directory().resolve(full.toString()));
            scene.start(scene.request());
            WalFileName next = WalFileName.parse(scene.server().switchWal());
            Waiting.until("the next segment is archived", () -> archive.contains(next));
            scene.stop();
            assertThat(archive.running().list(Timeline.FIRST)).contains(segment);
            assertThat(scene.lines)
                    .anyMatch(line ->
                            line.endsWith("the pieces that were saved of WAL segment \"" + segment + "\" are kept"));
        }
    }

    @Test
    void goesOnWhereItWasWithoutGapOrRepeat() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            for (int round = 0; round < 3; round++) {
                write(scene.server(), 5_000);
                assertThat(scene.stop()).isEmpty();
                write(scene.server(), 5_000);
                scene.start(scene.request());
            }
            String last = scene.server().switchWal();
            WalArchive archive = scene.kept.walArchive();
            Waiting.until("the last segment is archived", () -> archive.contains(WalFileName.parse(last)));
            List<WalSegmentName> names = archive.list(Timeline.FIRST).stream()
                    .filter(file -> file.name() instanceof WalFileName.Segment)
                    .map(file -> WalSegmentName.parse(file.name().toString()))
                    .toList();
            assertThat(names).hasSizeGreaterThan(3);
            for (int index = 1; index < names.size(); index++) {
                assertThat(names.get(index)).isEqualTo(names.get(index - 1).next(SIZE));
            }
        }
    }

    @Test
    void oneDirectoryIsForOneReceiverOfOneCluster() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            OperationException busy = failure(scene);
            assertThat(busy)
                    .isInstanceOf(BusyException.class)
                    .hasMessage("another receiver of WAL works in directory \"" + scene.directory() + "\"");
            scene.stop();
            Files.writeString(
                    scene.directory().resolve("receiver"),
                    "pgark receiver 1\nsystem_identifier 1\nwal_segment_size 1048576\n");
            assertThat(failure(scene))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                            "directory \"" + scene.directory() + "\" holds WAL of another cluster: pgark receiver 1,"
                                    + "system_identifier 1,wal_segment_size 1048576");
            Files.delete(scene.directory().resolve("receiver"));
            assertThat(failure(scene)).hasMessageContaining("is no receiver's and not empty");
        }
    }

    private static OperationException failure(ReceiverScene scene) throws Exception {
        try {
            scene.receiver(scene.request()).run();
        } catch (OperationException e) {
            return e;
        }
        throw new AssertionError("the receiver did not fail");
    }

    @Test
    void neverOverwritesWhatItHasByOtherBytes() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            write(scene.server(), 1_000);
            scene.stop();
            Path partial = new ReceivedNames(scene.directory()).partial();
            byte[] before = Files.readAllBytes(partial);
            int at = ReceiverDirectory.received(
                            new ReceivedSegment(WalSegmentName.parse("000000010000000000000001"), partial, false))
                    - 1;
            try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
                file.seek(at);
                file.write(before[at] ^ 0x55);
            }
            byte[] changed = Files.readAllBytes(partial);
            OperationException refused = failure(scene);
            assertThat(refused)
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("the server's WAL segment \""
                            + partial.getFileName().toString().substring(0, 24) + "\" differs at offset " + at
                            + " from what was received before");
            assertThat(Files.readAllBytes(partial)).isEqualTo(changed);
            assertThat(end(partial)).isNotEqualTo(Lsn.ZERO);
        }
    }

    @Test
    void followsAPromotionThoughItHasMoreThanTheNewPrimary() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of("wal_keep_size", "64MB"))) {
            TestCluster standby = scene.server()
                    .standby()
                    .with("recovery_min_apply_delay", "0")
                    .started();
            scene.start(scene.request());
            String caughtUp = scene.server().query("select pg_current_wal_flush_lsn()");
            Waiting.until(
                    "the standby has it",
                    () -> standby.query("select (pg_last_wal_receive_lsn() >= '" + caughtUp + "')::text")
                            .equals("true"));
            standby.stop(StopMode.FAST);
            write(scene.server(), 30_000);
            Lsn ahead = scene.position();
            Waiting.until(
                    "the receiver has it",
                    () -> scene.server()
                            .query("select (flush_lsn >= '" + ahead + "')::text from pg_stat_replication")
                            .equals("true"));
            TestCluster old = scene.server();
            scene.moveTo(_ -> standby);
            old.stop(StopMode.IMMEDIATE);
            standby.cluster().configure(Map.of("primary_conninfo", ""));
            standby.start();
            standby.cluster().promote();
            scene.awaitStreaming();
            write(standby, 1_000);
            String last = standby.switchWal();
            Waiting.until(
                    "the new timeline is archived",
                    () -> scene.kept.walArchive().contains(WalFileName.parse(last)));
            assertThat(last).startsWith("00000002");
            assertThat(scene.lines)
                    .anyMatch(line -> line.contains("timeline 1 was left at ")
                            && line.contains("what is beyond stays in the directory"));
            assertThat(scene.kept.walArchive().history(new Timeline(2))).isPresent();
            scene.stop();
            old.close();
        }
    }

    @Test
    void goesOnAfterTheNetworkWasCut() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of());
                NetworkProxy network = scene.throughProxy()) {
            scene.start(scene.request());
            for (int round = 0; round < 3; round++) {
                write(scene.server(), 5_000);
                network.cut();
                scene.awaitStreaming();
            }
            String last = scene.server().switchWal();
            Waiting.until(
                    "the last segment is archived",
                    () -> scene.kept.walArchive().contains(WalFileName.parse(last)));
            assertThat(scene.stop()).isEmpty();
            assertThat(scene.lines).anyMatch(line -> line.startsWith("warning: ") && line.endsWith("; trying again"));
        }
    }

    @Test
    void catchesUpWithASlotThatKeepsMoreThanItsLimit() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            scene.stop();
            write(scene.server(), 50_000);
            WalReceiverRequest limited = limited(scene, FlushMode.DIRECTORY, Optional.of(scene.position()));
            scene.receiver(limited).run();
            assertThat(scene.server().query("select count(*) from pg_replication_slots"))
                    .isEqualTo("1");
        }
    }

    private static WalReceiverRequest limited(ReceiverScene scene, FlushMode flush, Optional<Lsn> end) {
        WalReceiverRequest usual = scene.request();
        return new WalReceiverRequest(
                usual.directory(),
                usual.slot(),
                false,
                flush,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                new SlotPolicy(1 << 20, 2 << 20, Duration.ofSeconds(1)),
                end);
    }

    @Test
    void dropsASlotThatKeepsTooMuch() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(18, Map.of())) {
            scene.start(scene.request());
            scene.stop();
            WalReceiverRequest usual = scene.request();
            WalReceiverRequest limited = limited(scene, FlushMode.REPOSITORY, Optional.empty());
            scene.start(limited);
            Path repository = scene.folder.resolve("repository");
            Path away = scene.folder.resolve("away");
            Files.move(repository, away);
            Files.createFile(repository);
            Waiting.until("the slot is dropped", () -> {
                write(scene.server(), 20_000);
                return scene.server()
                        .query("select count(*) from pg_replication_slots")
                        .equals("0");
            });
            assertThat(scene.awaitFailure())
                    .isInstanceOf(FailedException.class)
                    .hasMessage("replication slot \"receiver\" kept more WAL than the limit, did not catch up, and was"
                            + " dropped");
            Files.delete(repository);
            Files.move(away, repository);
            assertThat(scene.server().query("select count(*) from pg_replication_slots"))
                    .isEqualTo("0");
            assertThat(scene.lines)
                    .anyMatch(line -> line.startsWith("warning: replication slot \"receiver\" makes the server keep "));
            assertThat(failure(scene, limited)).hasMessageContaining("replication slot \"receiver\" does not exist");
            WalReceiverRequest fresh = new WalReceiverRequest(
                    usual.directory().resolveSibling("fresh"),
                    usual.slot(),
                    false,
                    FlushMode.DIRECTORY,
                    Duration.ofSeconds(5),
                    Duration.ofMillis(100),
                    new SlotPolicy(0, 0),
                    Optional.empty());
            assertThat(failure(scene, fresh)).hasMessage("replication slot \"receiver\" does not exist");
        }
    }

    private static OperationException failure(ReceiverScene scene, WalReceiverRequest request) throws Exception {
        try {
            scene.receiver(request).run();
        } catch (OperationException e) {
            return e;
        }
        throw new AssertionError("the receiver did not fail");
    }

    @Test
    void saysThatTheServerHasNoMoreWhatComesNext() throws Exception {
        try (ReceiverScene scene = ReceiverScene.started(13, Map.of())) {
            WalReceiverRequest usual = scene.request();
            WalReceiverRequest slotless = new WalReceiverRequest(
                    usual.directory(),
                    Optional.empty(),
                    false,
                    FlushMode.DIRECTORY,
                    Duration.ofMillis(200),
                    Duration.ofMillis(100),
                    new SlotPolicy(0, 0),
                    Optional.empty());
            scene.start(slotless);
            scene.stop();
            for (int round = 0; round < 3; round++) {
                write(scene.server(), 30_000);
                scene.server().switchWal();
                scene.server().execute("checkpoint");
            }
            assertThat(failure(scene, slotless))
                    .hasMessageStartingWith("the server does not have the WAL any more that comes next: ");
        }
    }
}
