package org.pgark.physical.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.repository.BackupKind;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.RelationName;
import org.pgark.testkit.FileFault;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Backups of one server that is quiet but for what a test does to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupTest {
    private final BackupFixture fixture;

    @TempDir
    private Path folder;

    BackupTest() throws Exception {
        fixture = BackupFixture.started(15, Map.of());
        Path space = fixture.cluster.tablespace("cold");
        assertThat(space).isNotNull();
        fixture.cluster.execute("""
                create table account (id bigint primary key, note text);
                insert into account select i, repeat(md5(i::text), 4) from generate_series(1, 20000) i;
                create unlogged table scratch (id int);
                create table elsewhere (id int) tablespace cold;
                insert into elsewhere select generate_series(1, 1000);
                checkpoint""");
    }

    @AfterAll
    void stop() throws Exception {
        fixture.close();
    }

    private Path relation(String name) throws Exception {
        return fixture.cluster
                .dataDirectory()
                .resolve(fixture.cluster.query("select pg_relation_filepath('" + name + "')"));
    }

    @Test
    void recordsWhatItDid() throws Exception {
        BackupRequest request = fixture.request()
                .withCompression(Compression.LZ4)
                .withReadAll(true)
                .withLabels(Map.of("why", "test"))
                .withNote("before the upgrade");

        List<BackupRecord> before = fixture.kept.backups();
        BackupOutcome outcome = fixture.backup(request, ProgressListener.SILENT);

        BackupRecord record = outcome.record();
        assertThat(fixture.kept.backups()).contains(record);
        assertThat(record.kind()).isEqualTo(before.isEmpty() ? BackupKind.FULL : BackupKind.INCREMENTAL);
        assertThat(record.basis().base())
                .isEqualTo(
                        before.isEmpty()
                                ? Optional.empty()
                                : Optional.of(before.getLast().id()));
        assertThat(record.labels()).containsEntry("why", "test");
        assertThat(record.note()).isEqualTo("before the upgrade");
        assertThat(record.compression()).isEqualTo(Compression.LZ4);
        assertThat(record.startTime()).isBefore(record.stopTime());
        assertThat(record.wal().startLsn()).isEqualTo(record.wal().redoLsn());
        assertThat(record.wal().stopLsn()).isGreaterThan(record.wal().startLsn());
        assertThat(record.server().version()).startsWith("15.");
        assertThat(record.server().checksumVersion()).isEqualTo(1);
        assertThat(record.server().dataDirectory())
                .isEqualTo(fixture.cluster.dataDirectory().toString());
        assertThat(record.server().tablespaces()).hasSize(1);
        assertThat(record.server().tablespaces().getFirst().name()).isEqualTo("cold");
        assertThat(record.server().users()).isNotEmpty();
        assertThat(record.size().damagedPages()).isZero();
        assertThat(record.size().storedBytes())
                .isPositive()
                .isLessThan(record.size().rawBytes());
        assertThat(fixture.kept.walArchive().contains(record.wal().first())).isTrue();
        assertThat(fixture.kept.walArchive().contains(record.wal().last())).isTrue();
        assertThat(outcome.statistics().pagesChecked()).isGreaterThan(1000);
        assertThat(fixture.cluster.query("select count(*) from pg_locks where locktype = 'advisory'"))
                .isEqualTo("0");
    }

    @Test
    void holdsEveryFileOfAQuietClusterAsItIs() throws Exception {
        BackupRecord record = fixture.backup().record();

        UnpackedBackup unpacked = new UnpackedBackup(fixture.kept, record);
        Map<String, ManifestEntry> entries = unpacked.entries();
        Path data = fixture.cluster.dataDirectory();
        int compared = 0;
        for (ManifestEntry entry : entries.values()) {
            if (entry instanceof ManifestEntry.File
                    && entry.path().matches("(base|pg_tblspc|pg_xact)/.*|PG_VERSION|postgresql.conf")) {
                assertThat(unpacked.content(entry.path()))
                        .as(entry.path())
                        .isEqualTo(Files.readAllBytes(data.resolve(entry.path())));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(800);
        String scratch = data.relativize(relation("scratch")).toString();
        assertThat(entries).doesNotContainKey(scratch).containsKey(scratch + "_init");
        assertThat(entries).containsKeys("pg_wal", "pg_wal/archive_status").doesNotContainKey("postmaster.pid");
        assertThat(entries.get("global/pg_control")).isInstanceOf(ManifestEntry.File.class);
        assertThat(new String(unpacked.content("backup_label"), StandardCharsets.UTF_8))
                .contains("LABEL: pgark " + record.id());
        assertThat(new String(unpacked.content("tablespace_map"), StandardCharsets.UTF_8))
                .contains(record.server().tablespaces().getFirst().path());
        String elsewhere = data.relativize(relation("elsewhere")).toString();
        assertThat(requireNonNull(entries.get(elsewhere)).fileClass())
                .isEqualTo(new FileClass.Tablespace(
                        record.server().tablespaces().getFirst().oid()));
        assertThat(record.size().files())
                .isEqualTo(entries.values().stream()
                        .filter(entry -> entry instanceof ManifestEntry.File)
                        .count());
    }

    @Test
    void namesEveryRelationWithItsFiles() throws Exception {
        Map<String, RelationName> relations = new UnpackedBackup(
                        fixture.kept, fixture.backup().record())
                .relations().stream()
                        .collect(Collectors.toMap(
                                relation -> relation.database() + "." + relation.schema() + "." + relation.name(),
                                relation -> relation));

        RelationName account = requireNonNull(relations.get("postgres.public.account"));
        Path data = fixture.cluster.dataDirectory();
        assertThat(account.kind()).isEqualTo('r');
        assertThat(account.paths())
                .contains(
                        data.relativize(relation("account")).toString(),
                        data.relativize(relation("account")) + "_fsm",
                        data.relativize(relation("account_pkey")).toString());
        assertThat(account.paths()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(relations).containsKeys("template1.pg_catalog.pg_class", "postgres.public.account_pkey");
    }

    @Test
    void keepsConfigurationFilesThatLieOutside() throws Exception {
        Path included = folder.resolve("extra.conf");
        Files.writeString(included, "work_mem = '5MB'\n");
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        fixture.cluster.reconfigure(Map.of("include", included.toString()));

        UnpackedBackup unpacked =
                new UnpackedBackup(fixture.kept, fixture.backup().record());

        assertThat(requireNonNull(unpacked.entries().get(included.toString())).fileClass())
                .isEqualTo(new FileClass.ExternalConfiguration());
        assertThat(unpacked.content(included.toString())).isEqualTo(Files.readAllBytes(included));
    }

    @Test
    void marksDamagedPagesAndKeepsTheBackup() throws Exception {
        fixture.cluster.execute("""
                create table spoiled (id int, filler text);
                insert into spoiled select i, repeat('x', 1000) from generate_series(1, 700) i;
                checkpoint""");
        Path file = relation("spoiled");
        String path = fixture.cluster.dataDirectory().relativize(file).toString();
        FileFault.flipBit(file, 3 * 8192 + 5000);
        FileFault.flipBit(file, 70 * 8192 + 5000);

        BackupOutcome outcome = fixture.backup();

        assertThat(outcome.record().size().damagedPages()).isEqualTo(2);
        assertThat(fixture.kept.backups()).contains(outcome.record());
        assertThat(outcome.damagedPages()).extracting(DamagedPage::block).containsExactly(3L, 70L);
        assertThat(outcome.damagedPages()).allSatisfy(page -> {
            assertThat(page.path()).isEqualTo(path);
            assertThat(page.relation()).isEqualTo(Optional.of("postgres.public.spoiled"));
            assertThat(page.lsn())
                    .isGreaterThan(Lsn.ZERO)
                    .isLessThan(outcome.record().wal().startLsn());
        });
        ManifestEntry.File entry = (ManifestEntry.File) requireNonNull(
                new UnpackedBackup(fixture.kept, outcome.record()).entries().get(path));
        assertThat(entry.damagedPages()).containsExactly(3, 70);
        fixture.cluster.execute("drop table spoiled");
    }

    @Test
    void refusesTheDataDirectoryOfAnotherServer() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        BackupRequest request = BackupRequest.of(other, "test");
        assertThatThrownBy(() -> fixture.backup(request, ProgressListener.SILENT))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the connection's server has data directory \"" + fixture.cluster.dataDirectory()
                        + "\", not \"" + other + "\"");
    }

    @Test
    void refusesAClusterThatTheRepositoryKnowsAsAnother() throws Exception {
        ClusterRepository other = fixture.repository.open(fixture.repository.registerCluster(
                "renewed",
                new SystemIdentifier(42),
                fixture.kept.incarnation().major(),
                fixture.kept.incarnation().segmentSize()));
        try (ServerSession session = BackupFixture.session(fixture.cluster)) {
            RefusedException refusal = catchThrowableOfType(
                    RefusedException.class,
                    () -> new Backup(fixture.request(), other, session, ProgressListener.SILENT, new Random()).run());
            assertThat(refusal)
                    .hasMessage("cluster \"renewed\" is known with system identifier 42, but the server has "
                            + fixture.kept.incarnation().systemIdentifier());
            assertThat(refusal.hint()).isPresent();
        }
    }

    @Test
    void refusesARoleThatMayNotBackUp() throws Exception {
        fixture.cluster.execute("create role reader login");
        try (ServerSession session = BackupFixture.session(fixture.cluster, "reader")) {
            assertThatThrownBy(() -> new Backup(
                                    fixture.request(), fixture.kept, session, ProgressListener.SILENT, new Random())
                            .run())
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo("no_privilege"));
        }
        fixture.cluster.execute("grant pg_read_all_settings to reader");
        try (ServerSession session = BackupFixture.session(fixture.cluster, "reader")) {
            assertThatThrownBy(() -> new Backup(
                                    fixture.request(), fixture.kept, session, ProgressListener.SILENT, new Random())
                            .run())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("permission denied for function pg_backup_start");
        }
    }

    @Test
    void letsOnlyOneBackupRun() throws Exception {
        try (ServerSession session = BackupFixture.session(fixture.cluster);
                BackupMode running = BackupMode.enter(session)) {
            assertThat(running.flushed()).isGreaterThan(Lsn.ZERO);
            assertThatThrownBy(fixture::backup)
                    .isInstanceOf(BusyException.class)
                    .hasMessage("another backup of this cluster is running");
        }
    }

    @Test
    void letsNoBackupRunBesideOneThatIsConnectedToAnotherDatabase() throws Exception {
        fixture.cluster.execute("create database beside");
        try (ServerSession elsewhere = BackupFixture.session(fixture.cluster, "postgres", "beside");
                BackupMode running = BackupMode.enter(elsewhere)) {
            assertThat(running.flushed()).isGreaterThan(Lsn.ZERO);
            assertThatThrownBy(fixture::backup)
                    .isInstanceOf(BusyException.class)
                    .hasMessage("another backup of this cluster is running");
        }
        Waiting.until(
                "the session has ended",
                () -> fixture.cluster
                        .query("select count(*) from pg_stat_activity where datname = 'beside'")
                        .equals("0"));
        fixture.cluster.execute("drop database beside");
    }

    @Test
    void recordsATablespaceThatCameWhileItWasBegun() throws Exception {
        BackupRecord record = fixture.backup(fixture.request(), new LateTablespace(fixture.cluster))
                .record();

        String place =
                fixture.cluster.query("select pg_tablespace_location(oid) from pg_tablespace where spcname = 'late'");
        fixture.cluster.execute("drop tablespace late");
        assertThat(record.server().tablespaces())
                .extracting(BackupRecord.Tablespace::name)
                .containsExactly("cold", "late");
        assertThat(record.server().tablespaces().getLast().path()).isEqualTo(place);
    }

    /** Creates a tablespace between the server's checkpoint and the listing of the files. */
    private record LateTablespace(TestCluster cluster) implements ProgressListener {
        @Override
        public void phase(String name) {
            if (name.equals("listing files")) {
                try {
                    assertThat(cluster.tablespace("late")).isNotNull();
                } catch (IOException | SQLException e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public void total(long files, long bytes) {}

        @Override
        public void advanced(long bytes) {}

        @Override
        public void notice(String message) {}

        @Override
        public void warning(String message) {}
    }

    @Test
    void failsWhereTheWalIsNotArchivedAndCommitsNothing() throws Exception {
        int before = fixture.kept.backups().size();
        fixture.stopFeeding();
        try {
            FailedException failure = catchThrowableOfType(
                    FailedException.class,
                    () -> fixture.backup(
                            fixture.request().withArchiveTimeout(Duration.ofMillis(300)), ProgressListener.SILENT));
            assertThat(failure).hasMessageMatching("WAL segment [0-9A-F]{24} was not archived within 0 seconds");
            assertThat(failure.hint()).isPresent();
        } finally {
            fixture.feed();
        }
        assertThat(fixture.kept.backups()).hasSize(before);
        assertThat(fixture.cluster.query("select count(*) from pg_locks where locktype = 'advisory'"))
                .isEqualTo("0");
    }

    @Test
    void leavesNothingWhenItIsInterrupted() throws Exception {
        int before = fixture.kept.backups().size();
        Thread self = Thread.currentThread();
        AtFirstByte interrupt = new AtFirstByte(self::interrupt);

        assertThatThrownBy(() -> fixture.backup(fixture.request(), interrupt)).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(fixture.kept.backups()).hasSize(before);
        Waiting.until(
                "the server has forgotten the backup",
                () -> fixture.cluster
                        .query("select count(*) from pg_locks where locktype = 'advisory'")
                        .equals("0"));
        assertThat(fixture.backup().record().size().files()).isPositive();
    }

    @Test
    void passesOverADatabaseThatCannotBeEntered() throws Exception {
        fixture.cluster.execute("create database locked");
        fixture.cluster.execute("alter database locked connection limit 0");
        fixture.cluster.execute("create database closed");
        fixture.cluster.execute("alter database closed allow_connections false");
        try {
            BackupRecord record = fixture.backup().record();
            List<String> databases = new UnpackedBackup(fixture.kept, record)
                    .relations().stream().map(RelationName::database).distinct().toList();
            assertThat(databases).contains("postgres", "template1").doesNotContain("closed");
        } finally {
            fixture.cluster.execute("alter database closed allow_connections true");
            fixture.cluster.execute("drop database closed");
            fixture.cluster.execute("drop database locked");
        }
    }
}
