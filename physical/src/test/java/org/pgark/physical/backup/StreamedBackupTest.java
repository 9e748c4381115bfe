package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalArchive;
import org.pgark.storage.MemoryStore;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Backups that a server streams over the replication protocol to a role that has no other right. */
class StreamedBackupTest {
    private final StreamedScene scene = new StreamedScene();

    private void areWholeAndShareWhatDidNotChange(int major) throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture =
                StreamedScene.started(major, major < 17 ? Map.of() : Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            StreamedScene.fill(server);
            BackupRecord first = scene.backup(fixture);
            server.execute("update near set id = -id where id = 7");
            server.execute("create table later as select generate_series(1, 1000) id");
            server.execute("delete from far where id > 25000");
            server.execute("vacuum far");
            BackupRecord second = scene.backup(fixture);
            assertThat(first.server().host()).isEqualTo("127.0.0.1");
            assertThat(first.server().tablespaces())
                    .extracting(BackupRecord.Tablespace::name)
                    .containsExactly("cold");
            assertThat(first.basis().base()).isEmpty();
            assertThat(second.basis().base()).contains(first.id());
            assertThat(second.basis().changes()).isEqualTo(major < 17 ? ChangeSource.READ : ChangeSource.WAL_SUMMARIES);
            assertThat(second.size().storedBytes()).isLessThan(first.size().storedBytes() / 2);
            assertThat(second.size().rawBytes()).isGreaterThan(10_000_000);
            if (major >= 17) {
                BackupRecord whole = scene.backup(fixture, server, request -> request.withFull(true))
                        .record();
                assertThat(StreamedScene.differing(fixture, second, whole, copy))
                        .isEmpty();
            }
            StreamedScene.archive(fixture);
            try (TestCluster restored = StreamedScene.restored(fixture, second, major, copy.resolve("data"))) {
                assertThat(restored.query(
                                "select (select count(*) from far) || ' ' || (select min(id) from near) || ' '"
                                        + " || (select sum(id) from later) || ' ' || (select count(*) from gone)"))
                        .isEqualTo("25000 -7 500500 0");
            }
        } finally {
            FileTree.delete(copy);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void areWholeAndShareWhatDidNotChangeOnTheOldestAndTheNewest(int major) throws Exception {
        areWholeAndShareWhatDidNotChange(major);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17})
    void areWholeAndShareWhatDidNotChangeOnTheOthers(int major) throws Exception {
        areWholeAndShareWhatDidNotChange(major);
    }

    private void ofAStandbyCarryTheirWal(int major) throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = StreamedScene.started(major, Map.of())) {
            TestCluster primary = fixture.cluster;
            StreamedScene.fill(primary);
            try (TestCluster standby = primary.standby().started()) {
                primary.execute("checkpoint");
                primary.execute("insert into near select n, 'late' from generate_series(100001, 100100) n");
                Waiting.until(
                        "the standby has replayed it",
                        () -> standby.query("select count(*) from near where x = 'late'")
                                .equals("100"));
                standby.execute("checkpoint");
                BackupRecord backup =
                        scene.backup(fixture, standby, request -> request).record();
                assertThat(backup.server().standby()).isTrue();
                assertThat(backup.wal().carriedFrom()).isPresent();
                assertThat(backup.wal().standby()).isPresent();
                Waiting.until(
                        "the server has dropped the slot of the stream that ended",
                        () -> standby.query("select count(*) from pg_replication_slots")
                                .equals("0"));
                try (TestCluster restored = StreamedScene.restored(fixture, backup, major, copy.resolve("data"))) {
                    assertThat(restored.query("select (select count(*) from far) || ' '"
                                    + " || (select count(*) from near where x = 'late')"))
                            .isEqualTo("50000 100");
                }
                isNotOverBeforeItsLastTransaction(fixture, standby);
            }
        } finally {
            FileTree.delete(copy);
        }
    }

    /** Not even without an ordinary session, when the archive has all WAL. */
    private void isNotOverBeforeItsLastTransaction(BackupFixture fixture, TestCluster standby) throws Exception {
        TestCluster primary = fixture.cluster;
        primary.execute("alter database postgres connection limit 0");
        primary.execute("create table dropped as select 1");
        String now = primary.query("select (extract(epoch from clock_timestamp()) * 1000)::bigint");
        primary.execute("drop table dropped");
        primary.execute("insert into near values (1, 'later')");
        StreamedScene.archive(fixture);
        Waiting.until(
                "the standby has replayed it",
                () -> standby.query("select count(*) from near where x = 'later'")
                        .equals("1"));
        BackupRecord backup = scene.backup(fixture, standby, request -> request).record();
        assertThat(backup.wal().standby().orElseThrow().lastCommit())
                .isAfterOrEqualTo(Instant.ofEpochMilli(Long.parseLong(now)));
    }

    @Test
    void ofAStandbyCarryTheirWal() throws Exception {
        ofAStandbyCarryTheirWal(17);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 18})
    void ofAStandbyCarryTheirWalOnTheOthers(int major) throws Exception {
        ofAStandbyCarryTheirWal(major);
    }

    @Test
    void failWithoutTheirWalGoOnAfterAnInterruptAndTellOfDamage() throws Exception {
        try (BackupFixture fixture = StreamedScene.started(18, Map.of())) {
            TestCluster server = fixture.cluster;
            server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 20000) n");
            fixture.stopFeeding();
            assertThatThrownBy(() -> scene.backup(
                            fixture, server, request -> request.withArchiveTimeout(Duration.ofMillis(200))))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("was not archived within");
            assertThat(fixture.kept.backups()).isEmpty();
            fixture.feed();
            interrupted(fixture);
            assertThat(fixture.kept.backups()).isEmpty();
            Waiting.until(
                    "the server has ended the stream",
                    () -> server.query("select count(*) from pg_stat_replication")
                            .equals("0"));
            server.execute("checkpoint");
            Path damaged = server.dataDirectory().resolve(server.query("select pg_relation_filepath('near')"));
            try (FileChannel file = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap("rot".getBytes(StandardCharsets.US_ASCII)), 3 * 8192 + 4000);
            }
            BackupOutcome outcome = scene.backup(fixture, server, request -> request);
            refusesTheWalOfATwin(fixture, outcome.record().wal());
            assertThat(outcome.damagedPages()).hasSize(1);
            assertThat(outcome.damagedPages().getFirst().block()).isEqualTo(3);
            assertThat(outcome.record().size().damagedPages()).isEqualTo(1);
            assertThat(fixture.kept.backups()).hasSize(1);
            assertThat(scene.said())
                    .anyMatch(line -> line.contains("an interrupted") || line.contains("that was interrupted"));
        }
    }

    /** The server's twin writes segments of the same names, but not the end of this backup. */
    private static void refusesTheWalOfATwin(BackupFixture fixture, BackupRecord.WalSpan wal) throws Exception {
        EndRecord end = new EndRecord(fixture.kept.walArchive());
        Lsn checkpoint = Lsn.parse(fixture.cluster.query("select checkpoint_lsn from pg_control_checkpoint()"));
        end.require(wal, checkpoint);
        BackupRecord.WalSpan ofATwin = new BackupRecord.WalSpan(
                wal.startLsn().plus(8),
                wal.redoLsn(),
                wal.stopLsn(),
                wal.startTimeline(),
                wal.stopTimeline(),
                wal.first(),
                wal.last(),
                wal.segmentSize());
        assertThatThrownBy(() -> end.require(ofATwin, checkpoint))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("does not have the record at " + wal.stopLsn());
    }

    /** Ends a backup in the middle of its stream. */
    private void interrupted(BackupFixture fixture) throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                scene.backup(fixture, fixture.cluster, request -> request.withRate(4 << 20));
                ended.complete(new AssertionError("was not interrupted"));
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        Waiting.until(
                "packs are written",
                () -> fixture.cluster
                        .query("select coalesce(max(backup_streamed), 0) > 9000000 from pg_stat_progress_basebackup")
                        .equals("t"));
        thread.interrupt();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void areMarkedIfOnlyTheServerFindsDamage() throws Exception {
        try (BackupFixture fixture = StreamedScene.started(16, Map.of())) {
            // To servers before 17 whatever lies there is a relation's file.
            Path rubbish = fixture.cluster.dataDirectory().resolve("base/5/rubbish");
            byte[] page = new byte[8192];
            Arrays.fill(page, 8, page.length, (byte) 1);
            Files.write(rubbish, page);
            fixture.cluster.cluster().user().own(rubbish);
            BackupOutcome outcome = scene.backup(fixture, fixture.cluster, request -> request);
            assertThat(outcome.damagedPages()).isEmpty();
            assertThat(outcome.damageOnlyAtServer()).isTrue();
            assertThat(scene.said()).anyMatch(line -> line.contains("its log names them"));
        }
    }

    @Test
    void areOfOneHistoryFromBeginToEnd() throws Exception {
        Path other = Files.createTempDirectory("pgark-incoming-");
        try (BackupFixture fixture = StreamedScene.started(18, Map.of());
                Repository empty = Repository.create(new MemoryStore(), InstantSource.system(), new SecureRandom())) {
            TestCluster server = fixture.cluster;
            String first = server.query("select pg_walfile_name(pg_current_wal_lsn())");
            server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 10000) n");
            BackupRecord backup = scene.backup(fixture);
            Lsn checkpoint = Lsn.parse(server.query("select checkpoint_lsn from pg_control_checkpoint()"));
            BackupRecord.WalSpan wal = backup.wal();
            WalSegmentName begin = WalSegmentName.parse(first);
            BackupRecord.WalSpan longer = new BackupRecord.WalSpan(
                    wal.startLsn(),
                    begin.start(wal.segmentSize()),
                    wal.stopLsn(),
                    wal.startTimeline(),
                    wal.stopTimeline(),
                    begin,
                    wal.last(),
                    wal.segmentSize());
            EndRecord right = new EndRecord(fixture.kept.walArchive());
            assertThat(right.require(longer, checkpoint)).isPresent();
            assertThatThrownBy(() -> right.require(wal, wal.stopLsn()))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("does not have the checkpoint at");
            WalSegmentName strange = begin.next(wal.segmentSize());
            for (WalSegmentName segment = begin;
                    segment.compareTo(wal.last()) <= 0;
                    segment = segment.next(wal.segmentSize())) {
                byte[] content = Files.readAllBytes(fixture.incoming.resolve(segment.toString()));
                if (segment.equals(strange)) {
                    content[content.length / 2] ^= 1;
                }
                Files.write(other.resolve(segment.toString()), content);
            }
            ControlFile control = ControlFile.read(server.dataDirectory());
            WalArchive strangers = empty.open(empty.registerCluster(
                            "main", control.systemIdentifier(), control.major(), control.walSegmentSize()))
                    .walArchive();
            WalFeeder feeder = new WalFeeder(other, strangers);
            try {
                Waiting.until("all is there", () -> strangers.contains(wal.last()));
            } finally {
                feeder.close();
            }
            assertThatThrownBy(() -> new EndRecord(strangers).require(longer, checkpoint))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("in segment " + strange);
        } finally {
            FileTree.delete(other);
        }
    }

    @Test
    void saysWhichRightIsMissing() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(18, Map.of())) {
            fixture.cluster.execute("create role streamer login");
            assertThatThrownBy(() -> scene.backup(fixture))
                    .hasMessageContaining("permission denied to start WAL sender");
            assertThat(fixture.kept.backups()).isEmpty();
        }
    }
}
