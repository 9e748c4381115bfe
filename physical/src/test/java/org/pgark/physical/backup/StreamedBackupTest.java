package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.Said;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalArchive;
import org.pgark.storage.MemoryStore;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;
import org.postgresql.PGConnection;

/** Backups that a server streams over the replication protocol to a role that has no other right. */
class StreamedBackupTest {
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    private static ConnectionSettings settings(TestCluster server) throws Exception {
        return ConnectionSettings.resolve(
                "host=127.0.0.1 port=" + server.port() + " user=streamer dbname=postgres",
                ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "streamer"));
    }

    private ProgressListener heard() {
        return new Said() {
            @Override
            public synchronized void notice(String message) {
                said.add(message);
            }

            @Override
            public synchronized void warning(String message) {
                said.add(message);
            }
        };
    }

    private BackupOutcome backup(BackupFixture fixture, TestCluster server, UnaryOperator<BackupRequest> options)
            throws Exception {
        BackupRequest request = BackupRequest.of(Path.of("/"), "test").withJobs(2);
        return new StreamedBackup(options.apply(request), fixture.kept, settings(server), heard(), new Random()).run();
    }

    private BackupRecord backup(BackupFixture fixture) throws Exception {
        return backup(fixture, fixture.cluster, request -> request).record();
    }

    private static BackupFixture started(int major, Map<String, String> settings) throws Exception {
        BackupFixture fixture = BackupFixture.started(major, settings);
        fixture.cluster.execute("create role streamer login replication");
        return fixture;
    }

    private static TestCluster restored(BackupFixture fixture, BackupRecord backup, int major, Path data)
            throws Exception {
        new UnpackedBackup(fixture.kept, backup).writeTo(data);
        Files.deleteIfExists(data.resolve("standby.signal"));
        Files.createFile(data.resolve("recovery.signal"));
        try (Stream<Path> files = Files.walk(data.getParent())) {
            for (Path file : files.toList()) {
                if (!Files.isSymbolicLink(file)) {
                    fixture.cluster.cluster().user().own(file);
                }
            }
        }
        TestCluster restored = TestCluster.existing(major, data);
        restored.cluster()
                .configure(Map.of(
                        "restore_command", "cp " + fixture.incoming + "/%f %p",
                        "archive_mode", "off",
                        "recovery_target_timeline", "current",
                        "primary_conninfo", ""));
        restored.start();
        restored.cluster().awaitPrimary(Duration.ofSeconds(60));
        return restored;
    }

    /** Files of the user's relations that are not the same in two backups, between which nothing was written. */
    private static List<String> differing(BackupFixture fixture, BackupRecord one, BackupRecord other, Path folder)
            throws Exception {
        Path left = Files.createDirectory(folder.resolve("one")).resolve("data");
        Path right = Files.createDirectory(folder.resolve("other")).resolve("data");
        new UnpackedBackup(fixture.kept, one).writeTo(left);
        new UnpackedBackup(fixture.kept, other).writeTo(right);
        List<String> differing = new ArrayList<>();
        int compared = 0;
        for (String main : fixture.cluster
                .query("select string_agg(pg_relation_filepath(oid), ' ') from pg_class"
                        + " where oid >= 16384 and relpersistence = 'p' and relkind in ('r', 'i', 't', 'm')")
                .split(" ", -1)) {
            for (String fork : List.of("", "_vm", "_fsm")) {
                String path = main + fork;
                if (Files.exists(left.resolve(path)) != Files.exists(right.resolve(path))) {
                    differing.add(path);
                } else if (Files.exists(left.resolve(path))) {
                    compared++;
                    if (Files.mismatch(left.resolve(path), right.resolve(path)) >= 0) {
                        differing.add(path);
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(2);
        return differing;
    }

    private static void archive(BackupFixture fixture) throws Exception {
        String segment = fixture.cluster.switchWal();
        Waiting.until("segment " + segment + " is archived", () -> Files.exists(fixture.incoming.resolve(segment)));
    }

    private static void fill(TestCluster server) throws Exception {
        server.tablespace("cold");
        server.execute("create table far tablespace cold as select generate_series(1, 50000) id");
        server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 20000) n");
        server.execute("create unlogged table gone as select generate_series(1, 10000) id");
    }

    private void areWholeAndShareWhatDidNotChange(int major) throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = started(major, major < 17 ? Map.of() : Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            fill(server);
            BackupRecord first = backup(fixture);
            server.execute("update near set id = -id where id = 7");
            server.execute("create table later as select generate_series(1, 1000) id");
            server.execute("delete from far where id > 25000");
            server.execute("vacuum far");
            BackupRecord second = backup(fixture);
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
                BackupRecord whole = backup(fixture, server, request -> request.withFull(true))
                        .record();
                assertThat(differing(fixture, second, whole, copy)).isEmpty();
            }
            archive(fixture);
            try (TestCluster restored = restored(fixture, second, major, copy.resolve("data"))) {
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

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void ofChangesAreTheSameAsWholeOnes(int major) throws Exception {
        try (BackupFixture fixture = started(major, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            fill(server);
            server.execute("create table busy (id int primary key, x text)");
            server.execute("create table cut (id int, x text)");
            backup(fixture);
            Random random = new Random(major);
            for (int round = 0; round < 12; round++) {
                for (int step = 0; step < 3; step++) {
                    change(server, random);
                }
                BackupRecord changes = backup(fixture);
                assertThat(changes.basis().changes()).isEqualTo(ChangeSource.WAL_SUMMARIES);
                BackupRecord whole = backup(fixture, server, request -> request.withFull(true))
                        .record();
                Path copy = Files.createTempDirectory("pgark-unpacked-");
                try {
                    assertThat(differing(fixture, changes, whole, copy))
                            .as("round %d", round)
                            .isEmpty();
                } finally {
                    FileTree.delete(copy);
                }
                // So that the next one is made on changes again.
                fixture.kept.delete(whole.id());
            }
        }
    }

    /** A bulk insertion extends a file by more pages than it fills, and nothing in WAL says so of the others. */
    @Test
    void ofChangesDoNotBringBackWhatWasCutOff() throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = started(18, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            fill(server);
            server.execute("create table cut (id int, x text) with (fillfactor = 10)");
            server.execute("insert into cut select n, repeat('c', 500) from generate_series(1, 1000) n");
            backup(fixture);
            for (String checkpoint : List.of("checkpoint", "select 1")) {
                server.execute("delete from cut where id > 500");
                server.execute("vacuum (truncate) cut");
                copyIn(server);
                server.execute(checkpoint);
                BackupRecord changes = backup(fixture);
                assertThat(changes.basis().changes()).isEqualTo(ChangeSource.WAL_SUMMARIES);
                BackupRecord whole = backup(fixture, server, request -> request.withFull(true))
                        .record();
                Path round = Files.createDirectory(copy.resolve(checkpoint));
                assertThat(differing(fixture, changes, whole, round)).isEmpty();
                server.execute("insert into cut select n, repeat('c', 500) from generate_series(501, 1000) n");
                backup(fixture);
            }
            assertThat(said).anyMatch(line -> line.contains("was cut when the backup began"));
            assertThat(said).noneMatch(line -> line.contains("the server sends all files"));
        } finally {
            FileTree.delete(copy);
        }
    }

    private static void copyIn(TestCluster server) throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 120; row++) {
            rows.append(5000 + row).append('\t').append("k".repeat(500)).append('\n');
        }
        server.jdbc()
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY cut FROM STDIN", new StringReader(rows.toString()));
    }

    @Test
    void areOfWholeFilesWithoutAnOrdinarySession() throws Exception {
        try (BackupFixture fixture = started(18, Map.of("summarize_wal", "on"))) {
            fixture.cluster.execute("create table near as select generate_series(1, 10000) id");
            BackupRecord first = backup(fixture);
            fixture.cluster.execute("alter database postgres connection limit 0");
            BackupRecord second = backup(fixture);
            assertThat(second.basis().base()).contains(first.id());
            assertThat(second.basis().changes()).isEqualTo(ChangeSource.READ);
            assertThat(said).anyMatch(line -> line.contains("only an ordinary session tells"));
        }
    }

    private static void change(TestCluster server, Random random) throws Exception {
        int from = random.nextInt(20000);
        switch (random.nextInt(11)) {
            case 0 ->
                server.execute("insert into busy select n, repeat('y', 200) from generate_series(" + from + ", "
                        + (from + 3000) + ") n on conflict do nothing");
            case 1 -> server.execute("update near set x = 'changed' where id between " + from + " and " + (from + 200));
            case 2 -> server.execute("delete from busy where id > " + from);
            case 3 -> {
                server.execute("vacuum busy");
                server.execute("delete from cut where id % 3 = 0 or id > 5060");
                server.execute("vacuum (truncate) cut");
            }
            case 4 -> server.execute("vacuum full near");
            case 5 -> server.execute("truncate busy");
            case 6 -> server.execute("create index on near (id) with (fillfactor = 50)");
            case 7 -> server.execute("vacuum (truncate) far");
            case 8 -> server.execute("delete from far where id > " + from);
            case 9 -> copyIn(server);
            default -> server.execute("insert into far select generate_series(1, 5000)");
        }
    }

    @Tag("slow")
    @Test
    void areWholeWhereTheServerHasNoSummaries() throws Exception {
        try (BackupFixture fixture = started(18, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            fill(server);
            backup(fixture);
            server.execute("update near set id = -id where id = 7");
            server.execute("checkpoint");
            server.execute("alter system set summarize_wal = off");
            server.execute("select pg_reload_conf()");
            Waiting.until(
                    "summarize_wal is off",
                    () -> server.query("select current_setting('summarize_wal')")
                            .equals("off"));
            server.execute("update near set id = -id where id = 8");
            BackupRecord last = backup(fixture);
            assertThat(said).anyMatch(line -> line.contains("summarize_wal is off"));
            assertThat(last.basis().changes()).isEqualTo(ChangeSource.READ);
            BackupRecord whole =
                    backup(fixture, server, request -> request.withFull(true)).record();
            Path copy = Files.createTempDirectory("pgark-unpacked-");
            try {
                assertThat(differing(fixture, last, whole, copy)).isEmpty();
            } finally {
                FileTree.delete(copy);
            }
        }
    }

    private void ofAStandbyCarryTheirWal(int major) throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = started(major, Map.of())) {
            TestCluster primary = fixture.cluster;
            fill(primary);
            try (TestCluster standby = primary.standby().started()) {
                primary.execute("checkpoint");
                primary.execute("insert into near select n, 'late' from generate_series(100001, 100100) n");
                Waiting.until(
                        "the standby has replayed it",
                        () -> standby.query("select count(*) from near where x = 'late'")
                                .equals("100"));
                standby.execute("checkpoint");
                BackupRecord backup =
                        backup(fixture, standby, request -> request).record();
                assertThat(backup.server().standby()).isTrue();
                assertThat(backup.wal().carriedFrom()).isPresent();
                assertThat(backup.wal().standby()).isPresent();
                Waiting.until(
                        "the server has dropped the slot of the stream that ended",
                        () -> standby.query("select count(*) from pg_replication_slots")
                                .equals("0"));
                try (TestCluster restored = restored(fixture, backup, major, copy.resolve("data"))) {
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
        archive(fixture);
        Waiting.until(
                "the standby has replayed it",
                () -> standby.query("select count(*) from near where x = 'later'")
                        .equals("1"));
        BackupRecord backup = backup(fixture, standby, request -> request).record();
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
        try (BackupFixture fixture = started(18, Map.of())) {
            TestCluster server = fixture.cluster;
            server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 20000) n");
            fixture.stopFeeding();
            assertThatThrownBy(() ->
                            backup(fixture, server, request -> request.withArchiveTimeout(Duration.ofMillis(200))))
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
            BackupOutcome outcome = backup(fixture, server, request -> request);
            refusesTheWalOfATwin(fixture, outcome.record().wal());
            assertThat(outcome.damagedPages()).hasSize(1);
            assertThat(outcome.damagedPages().getFirst().block()).isEqualTo(3);
            assertThat(outcome.record().size().damagedPages()).isEqualTo(1);
            assertThat(fixture.kept.backups()).hasSize(1);
            assertThat(said).anyMatch(line -> line.contains("an interrupted") || line.contains("that was interrupted"));
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
                backup(fixture, fixture.cluster, request -> request.withRate(4 << 20));
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
        try (BackupFixture fixture = started(16, Map.of())) {
            // To servers before 17 whatever lies there is a relation's file.
            Path rubbish = fixture.cluster.dataDirectory().resolve("base/5/rubbish");
            byte[] page = new byte[8192];
            Arrays.fill(page, 8, page.length, (byte) 1);
            Files.write(rubbish, page);
            fixture.cluster.cluster().user().own(rubbish);
            BackupOutcome outcome = backup(fixture, fixture.cluster, request -> request);
            assertThat(outcome.damagedPages()).isEmpty();
            assertThat(outcome.damageOnlyAtServer()).isTrue();
            assertThat(said).anyMatch(line -> line.contains("its log names them"));
        }
    }

    @Test
    void areOfOneHistoryFromBeginToEnd() throws Exception {
        Path other = Files.createTempDirectory("pgark-incoming-");
        try (BackupFixture fixture = started(18, Map.of());
                Repository empty = Repository.create(new MemoryStore(), InstantSource.system(), new SecureRandom())) {
            TestCluster server = fixture.cluster;
            String first = server.query("select pg_walfile_name(pg_current_wal_lsn())");
            server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 10000) n");
            BackupRecord backup = backup(fixture);
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
            assertThatThrownBy(() -> backup(fixture)).hasMessageContaining("permission denied to start WAL sender");
            assertThat(fixture.kept.backups()).isEmpty();
        }
    }
}
