package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.StopMode;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.Repository;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.pack.PackSummary;
import org.pgark.testkit.FileFault;
import org.pgark.testkit.TestCluster;

/** One cluster of version 15 with a tablespace and two backups, restored in many ways. */
class RestoreTest {
    private static ArchivingCluster original;
    private static BackupRecord first;
    private static BackupRecord second;
    private static Path tablespace;
    private static Path walDisk;
    private static String instant = "";
    private static String transaction = "";

    private Path home;

    @BeforeAll
    static void makeCluster() throws Exception {
        original = ArchivingCluster.started(15, options -> options);
        TestCluster cluster = original.cluster();
        walDisk = moveWalAway(cluster);
        tablespace = cluster.tablespace("other disk");
        cluster.execute("create table item (id bigint primary key, text text)");
        cluster.execute("create table wide tablespace \"other disk\" as"
                + " select n as id, repeat(md5(n::text), 4) as text from generate_series(1, 30000) n");
        cluster.execute("create unlogged table scratch (id bigint)");
        cluster.execute("insert into item select n, 'before the first backup' from generate_series(1, 1000) n");
        first = original.backup();
        cluster.execute("insert into item select n, 'between' from generate_series(1001, 2000) n");
        second = original.backup();
        cluster.execute("insert into item values (2001, 'good')");
        instant = cluster.query("select clock_timestamp()::text");
        transaction = cluster.query("with bad as (delete from item where id % 2 = 0 returning 1)"
                + " select pg_current_xact_id()::text from (select count(*) from bad) n");
        cluster.execute("insert into item values (3001, 'later')");
        original.archiveAll();
    }

    /** As if it had been made by {@code initdb --waldir}. */
    private static Path moveWalAway(TestCluster cluster) throws Exception {
        cluster.stop(StopMode.FAST);
        Path wal = cluster.dataDirectory().resolve("pg_wal");
        Path place = Files.move(wal, cluster.home().resolve("wal disk"));
        Files.createSymbolicLink(wal, place);
        cluster.start();
        return place.toRealPath();
    }

    @AfterAll
    static void closeCluster() throws Exception {
        original.close();
    }

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("pgark-restored-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void removeHome() throws IOException {
        FileTree.delete(home);
    }

    @Test
    void bringsTheClusterBackToATime() throws Exception {
        RecoveryTarget target = new RecoveryTarget.Time(
                org.pgark.physical.recovery.TargetTime.parse(instant, ZoneOffset.UTC)
                        .instant(),
                ZoneOffset.UTC,
                false);

        RestorePlan plan = restore(request(target));

        assertThat(plan.backup().id()).isEqualTo(second.id());
        assertThat(plan.recovery().stopReason()).startsWith("before the commit of transaction " + transaction);
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            assertThat(restored.query("select count(*) || ' ' || max(id) from item"))
                    .isEqualTo("2001 2001");
            assertThat(restored.query("select count(*) from wide where text = repeat(md5(id::text), 4)"))
                    .isEqualTo("30000");
            assertThat(restored.query("select count(*) from scratch")).isEqualTo("0");
            assertThat(restored.query("show archive_mode")).isEqualTo("off");
            assertThat(restored.query(
                            "select pg_tablespace_location(oid) from pg_tablespace where spcname = 'other disk'"))
                    .isEqualTo(home.resolve("moved").toString());
        }
    }

    @Test
    void bringsTheClusterBackToATransactionFromTheFirstBackupWhenItIsNamed() throws Exception {
        RestorePlan plan = restore(request(RecoveryTarget.AtTransaction.parse(transaction, true))
                .from(first.id().value()));

        assertThat(plan.backup().id()).isEqualTo(first.id());
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            assertThat(restored.query("select count(*) || ' ' || max(id) from item"))
                    .isEqualTo("2001 2001");
        }
    }

    @Test
    void bringsTheClusterBackToTheEndOfTheArchive() throws Exception {
        restore(request(RecoveryTarget.LATEST));

        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            assertThat(restored.query("select count(*) || ' ' || max(id) from item"))
                    .isEqualTo("1002 3001");
        }
    }

    @Test
    void writesTheSameFilesAsTheBackupHasWithTheirModes() throws Exception {
        restore(request(RecoveryTarget.LATEST));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("PG_VERSION"))))
                .isEqualTo("rw-------");
        assertThat(data().resolve("global/pg_control")).exists();
        assertThat(data().resolve("backup_label")).exists();
        assertThat(data().resolve("recovery.signal")).isEmptyFile();
        assertThat(data().resolve("standby.signal")).doesNotExist();
        assertThat(data().resolve("pg_wal/archive_status")).isDirectory();
        assertThat(data().resolve(RestoreMarker.FILE_NAME)).doesNotExist();
        assertThat(Files.readString(data().resolve("tablespace_map")))
                .contains(home.resolve("moved").toString());
        assertThat(Files.readAllLines(data().resolve("postgresql.auto.conf")))
                .endsWith(
                        "# Recovery settings written by pgark restore",
                        "restore_command = '" + original.restoreCommand() + "'",
                        "recovery_target = ''",
                        "recovery_target_name = ''",
                        "recovery_target_time = ''",
                        "recovery_target_xid = ''",
                        "recovery_target_lsn = ''",
                        "recovery_target_inclusive = 'on'",
                        "recovery_target_timeline = '1'",
                        "recovery_target_action = 'promote'",
                        "archive_mode = 'off'",
                        "external_pid_file = ''");
    }

    @Test
    void deltaWritesOnlyWhatDiffersAndRemovesWhatDoesNotBelong() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Path large = largestFile(data().resolve("base"));
        FileFault.flipBit(large, 8192 * 3 + 17);
        FileFault.truncate(data().resolve("PG_VERSION"), 1);
        Files.writeString(data().resolve("base/leftover"), "x");
        Files.createDirectories(data().resolve("base/99/deep"));
        Files.writeString(data().resolve("base/99/deep/file"), "x");
        Files.delete(data().resolve("pg_hba.conf"));
        Files.writeString(data().resolve("global/pg_filenode.map"), "longer than it should be ".repeat(100));

        RestorePlan plan = Restore.plan(
                original.repository(), request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));
        assertThat(plan.overwritten())
                .containsExactlyInAnyOrder(
                        "what differs in " + data(), "what differs in " + home.resolve("moved/PG_15_202209061"));
        RestoreOutcome outcome = new Restore(ProgressListener.SILENT).run(plan);

        assertThat(contents(data())).isEqualTo(before);
        assertThat(outcome.writtenBytes()).isLessThan(50_000);
        assertThat(outcome.keptBytes()).isGreaterThan(20_000_000);
        assertThat(outcome.removed()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void deltaDoesNotWriteThroughASecondNameOfAFile() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Path file = data().resolve("pg_hba.conf");
        Path other = home.resolve("other name");
        Files.createLink(other, file);
        Files.writeString(file, "changed");

        restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));

        assertThat(Files.readString(other)).isEqualTo("changed");
        assertThat(Files.readString(file)).isNotEqualTo("changed");
    }

    @Test
    void forceRemovesWhatWasThere() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Files.writeString(data().resolve("base/leftover"), "x");

        restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE));

        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("letter"), "dear");

        assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("directory \"" + data() + "\" is not empty");
        assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE)))
                .hasMessage("directory \"" + data() + "\" is not empty and is no data directory of PostgreSQL");
        assertThat(data().resolve("letter")).exists();
    }

    @Test
    void refusesADirectoryWithARunningServerWhateverIsAsked() throws Exception {
        for (ExistingFiles existing : ExistingFiles.values()) {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST)
                            .into(original.cluster().dataDirectory())
                            .over(existing)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageMatching("a server \\(process [0-9]+\\) is running in \".*\"");
        }
    }

    @Test
    void refusesTheTablespaceOfTheOriginal() {
        RestoreRequest request = request(RecoveryTarget.LATEST);
        assertThatThrownBy(() -> restore(request.moving(Map.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessage("tablespace directory \"" + tablespace
                        + "\" is not empty and may belong to the original cluster");
        assertThatThrownBy(() -> restore(request.moving(Map.of(Path.of("/nowhere"), home))))
                .hasMessage("backup \"" + second.id() + "\" has no tablespace at \"/nowhere\"");
    }

    @Test
    void refusesATablespaceThatNothingInTheDestinationSaysToBeIts() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Path moved = home.resolve("moved");
        Map<String, String> before = contents(moved);
        Path control = data().resolve("global/pg_control");
        byte[] ours = Files.readAllBytes(control);
        byte[] others = ours.clone();
        others[0] ^= 1;
        Files.write(control, others);

        assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE)))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "tablespace directory \"" + moved + "\" is not empty and may belong to the original cluster")
                .satisfies(refusal -> assertThat(((RefusedException) refusal).hint())
                        .contains(
                                "Give the tablespace another directory with --tablespace OLD=NEW, or, if no cluster uses"
                                        + " \"" + moved.resolve("PG_15_202209061") + "\" any more, remove that."));
        Files.move(data(), home.resolve("data.broken"));
        for (ExistingFiles existing : ExistingFiles.values()) {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(existing)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("may belong to the original cluster");
        }
        assertThat(contents(moved)).isEqualTo(before);
    }

    @Test
    void doesNotWriteThroughALinkThatItDidNotChoose() throws Exception {
        Files.createDirectories(data());
        Files.createDirectories(home.resolve("live"));
        Files.createSymbolicLink(data().resolve("1"), home.resolve("live"));
        Files.createSymbolicLink(data().resolve("2"), home.resolve("moved"));
        ChosenRoots roots = new ChosenRoots(
                new Destination(data(), Map.of(16384L, home.resolve("moved")), "PG_15_202209061", Map.of()));

        roots.check(data().resolve("base"));
        roots.check(data().resolve("2/PG_15_202209061"));
        assertThatThrownBy(() -> roots.check(data().resolve("1/PG_15_202209061")))
                .isInstanceOf(IOException.class)
                .hasMessage("directory \"" + data().resolve("1/PG_15_202209061") + "\" leads to \""
                        + home.toRealPath().resolve("live/PG_15_202209061")
                        + "\", which is outside of what is being restored");
    }

    @Test
    void saysThatALinkedWalDirectoryBecomesAPlainOneUnlessThereIsALinkAlready() throws Exception {
        String line = "pg_wal is a plain directory in " + data() + ", not a link as in the original, where it led to "
                + walDisk;

        RestorePlan plan = restore(request(RecoveryTarget.LATEST));

        assertThat(plan.neutralised()).contains(line);
        assertThat(plan.describe()).contains(Map.entry("changes", line));
        Path wal = data().resolve("pg_wal");
        assertThat(wal).isDirectory().matches(place -> !Files.isSymbolicLink(place), "is no link");
        Path other = Files.move(wal, home.resolve("other wal disk"));
        Files.createSymbolicLink(wal, other);
        for (ExistingFiles existing : List.of(ExistingFiles.DELTA, ExistingFiles.REPLACE)) {
            assertThat(restore(request(RecoveryTarget.LATEST).over(existing)).neutralised())
                    .doesNotContain(line);
            assertThat(wal).isSymbolicLink();
        }
    }

    /** Lets the restored cluster live on for a moment, without archiving. */
    private void liveOn(String... statements) throws Exception {
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            for (String statement : statements) {
                restored.execute(statement);
            }
            restored.stop(StopMode.FAST);
        }
    }

    private RestoreRequest inPlace() {
        return request(RecoveryTarget.LATEST)
                .configuredAt(data())
                .archiving(ArchiveMode.OFF)
                .over(ExistingFiles.DELTA);
    }

    @Test
    void savesTheWalThatIsOnlyInTheDirectoryThatItWritesOver() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        liveOn();
        assertThat(Restore.plan(original.repository(), inPlace()).savedWal()).isEmpty();
        liveOn("insert into item values (4001, 'never archived')");
        Map<String, String> before = contents(data().resolve("pg_wal"));

        RestorePlan plan = restore(inPlace());

        SavedWal saved = plan.savedWal().orElseThrow();
        assertThat(saved.place().toString()).startsWith(data() + ".unarchived-wal-2");
        assertThat(saved.names()).contains("00000002.history").anyMatch(name -> name.matches("00000002[0-9A-F]{16}"));
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.describe())
                .anySatisfy(line -> assertThat(line.toString())
                        .startsWith("saves=WAL that was never archived: 00000002.history, 00000002"));
        Map<String, String> after = contents(saved.place());
        assertThat(after)
                .containsKeys(saved.names().toArray(String[]::new))
                .hasSize(saved.names().size() + 1);
        saved.names().forEach(name -> assertThat(after.get(name)).isEqualTo(before.get(name)));
        assertThat(data().resolve("pg_wal").resolve(saved.names().getLast())).doesNotExist();
        liveOn();
    }

    @Test
    void warnsOfTheNewestWalThatIsOnlyInTheCopyThatItWritesOver() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        liveOn("insert into item values (4001, 'never archived')");

        RestorePlan plan = restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));

        assertThat(plan.savedWal()).isEmpty();
        assertThat(plan.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(data() + " has WAL that was never archived: 00000002.history, 00000002"));
    }

    @Test
    void refusesATargetOutsideTheWindowAndLeavesTheDirectoryAlone() {
        RecoveryTarget target = new RecoveryTarget.Time(Instant.parse("2099-01-01T00:00:00Z"), ZoneOffset.UTC, false);

        assertThatThrownBy(() -> restore(request(target)))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("time 2099-01-01 00:00:00+00:00 lies after the last transaction in the archive"
                        + " on timeline 1, the commit of transaction ");
        assertThat(data()).doesNotExist();
    }

    @Test
    void aDamagedPackIsNamedAndLeavesADirectoryThatCannotStart() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Path pack = packOf(second);
        long offset = Files.size(pack) / 2;
        FileFault.flipBit(pack, offset);
        try {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA)))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining(pack.getFileName().toString())
                    .hasMessageContaining("is damaged");
            assertThat(data().resolve("global/pg_control")).doesNotExist();
            assertThat(data().resolve(RestoreMarker.FILE_NAME)).exists();
            try (TestCluster restored = TestCluster.existing(15, data())) {
                assertThatThrownBy(() -> restored.cluster().start()).isInstanceOf(IOException.class);
            }
        } finally {
            FileFault.flipBit(pack, offset);
        }
        restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.stop(StopMode.IMMEDIATE);
        }
    }

    @Test
    void aMissingPackIsNamedBeforeAnythingIsRemovedForIt() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Path pack = packOf(second);
        Path elsewhere = Files.move(pack, home.resolve("pack"));
        try {
            for (ExistingFiles existing : List.of(ExistingFiles.REPLACE, ExistingFiles.DELTA)) {
                assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(existing)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining(pack.getFileName().toString())
                        .extracting(refusal -> ((RefusedException) refusal).code())
                        .isEqualTo("missing_object");
            }
        } finally {
            Files.move(elsewhere, pack);
        }
        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void aShortPackIsNamedBeforeAnythingIsRemovedForIt() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Path pack = packOf(second);
        byte[] whole = Files.readAllBytes(pack);
        FileFault.truncate(pack, whole.length - 1);
        try {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE)))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining(pack.getFileName().toString())
                    .hasMessageEndingWith(
                            "is damaged: it has " + (whole.length - 1) + " bytes instead of " + whole.length);
        } finally {
            Files.write(pack, whole);
        }
        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void refusesADirectoryThatAnotherRestoreIsWritingTo() throws Exception {
        restore(request(RecoveryTarget.LATEST));

        try (RestoreMarker other = RestoreMarker.put(data(), "")) {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA)))
                    .isInstanceOf(BusyException.class)
                    .hasMessage("another restore is writing to \"" + data() + "\"");
            assertThat(data().resolve("global/pg_control")).exists();
            other.remove();
        }
    }

    @Test
    void asRootEverythingIsGivenToTheOwnerThatWasAskedFor() throws Exception {
        assumeTrue(Ownership.isRoot());
        OwnerNumbers owner = new OwnerNumbers(65534, 65534);

        restore(request(RecoveryTarget.LATEST).ownedBy(owner));

        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(file -> !file.equals(home)))
                    .allSatisfy(
                            file -> assertThat(Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS))
                                    .containsEntry("uid", 65534)
                                    .containsEntry("gid", 65534));
        }
    }

    @Test
    void fetchesTheFilesOfOneRelationByRangeReads() throws Exception {
        String path = original.cluster().query("select pg_relation_filepath('item')");
        String index = original.cluster().query("select pg_relation_filepath('item_pkey')");

        RelationOutcome outcome = new RelationRestore(original.repository(), ProgressListener.SILENT)
                .run(
                        ArchivingCluster.NAME,
                        Optional.empty(),
                        List.of(QualifiedName.parse("postgres.public.item")),
                        data());

        assertThat(outcome.files())
                .extracting(RelationOutcome.RestoredFile::path)
                .contains(path, index);
        assertThat(data().resolve(path)).isNotEmptyFile();
        assertThat(data().resolve("global/pg_control")).doesNotExist();
        assertThat(outcome.readBytes()).isPositive().isLessThan(outcome.storedBytes() / 2);
        assertThatThrownBy(() -> new RelationRestore(original.repository(), ProgressListener.SILENT)
                        .run(
                                ArchivingCluster.NAME,
                                Optional.empty(),
                                List.of(QualifiedName.parse("postgres.public.nothing")),
                                home.resolve("empty")))
                .hasMessage("backup \"" + second.id() + "\" has no relation \"postgres.public.nothing\"");
    }

    @Test
    void aStandbyStaysInRecoveryAndFollowsPromotions() throws Exception {
        restore(request(RecoveryTarget.LATEST).asStandby());

        assertThat(data().resolve("recovery.signal")).doesNotExist();
        assertThat(Files.readString(data().resolve("postgresql.auto.conf")))
                .contains("recovery_target_timeline = 'latest'");
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            assertThat(restored.query("select pg_is_in_recovery()")).isEqualTo("t");
        }
    }

    private RestorePlan restore(RestoreRequest request) throws Exception {
        try (Repository repository = original.opened()) {
            RestorePlan plan = Restore.plan(repository, request);
            new Restore(ProgressListener.SILENT).run(plan);
            return plan;
        }
    }

    private Path data() {
        return home.resolve("data");
    }

    private RestoreRequest request(RecoveryTarget target) {
        return RestoreRequest.of(ArchivingCluster.NAME, data(), original.restoreCommand())
                .until(target)
                .moving(Map.of(tablespace, home.resolve("moved")))
                .configuredAt(original.cluster().dataDirectory())
                .in(ZoneOffset.UTC);
    }

    private static Path packOf(BackupRecord backup) throws IOException {
        String name = original.source().packs(backup.id()).stream()
                .max(Comparator.comparingLong(PackSummary::size))
                .orElseThrow()
                .id()
                .toString();
        try (Stream<Path> files = Files.walk(original.repositoryFolder().resolve("clusters"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** Every file below a directory with its mode and content. */
    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                String content = Files.isRegularFile(file)
                        ? String.valueOf(java.util.Arrays.hashCode(Files.readAllBytes(file)))
                        : "";
                contents.put(directory.relativize(file).toString(), mode + " " + content);
            }
        }
        return contents;
    }

    private static Path largestFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
