package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.Said;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** When it is known what changed since the backup before, and when everything has to be read. */
class WhatChangedTest {
    private static final int PAGE = PageChecksum.PAGE_BYTES;
    private static final Map<String, String> SETTINGS = Map.of("wal_keep_size", "64MB", "fsync", "off");

    private static void fill(TestCluster cluster) throws SQLException {
        cluster.execute("create table item (id int, text text) with (fillfactor = 60)");
        cluster.execute("insert into item select n, md5(n::text) from generate_series(1, 20000) n");
        cluster.execute("vacuum freeze item");
    }

    private static String file(TestCluster cluster) throws SQLException {
        return cluster.query("select pg_relation_filepath('item')");
    }

    private static void advance(TestCluster cluster, int segments) throws SQLException {
        for (int number = 0; number < segments; number++) {
            cluster.switchWal();
        }
    }

    /** Every page of the table that the backup has is the one on disk, the server having written all. */
    private static void assertHasTable(BackupFixture fixture, TestCluster cluster, BackupOutcome outcome)
            throws Exception {
        cluster.execute("checkpoint");
        assertThat(new UnpackedBackup(fixture.kept, outcome.record()).content(file(cluster)))
                .isEqualTo(Files.readAllBytes(cluster.dataDirectory().resolve(file(cluster))));
    }

    private static ChangeSource source(BackupOutcome outcome) {
        return outcome.record().basis().changes();
    }

    @Test
    void readsOnlyWhatWalSaysAndEverythingWhereItSaysNothing() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(15, SETTINGS)) {
            TestCluster cluster = fixture.cluster;
            fill(cluster);
            assertThat(source(fixture.backup())).isEqualTo(ChangeSource.READ);

            cluster.execute("update item set text = 'changed' where id = 700");
            BackupOutcome known = fixture.backup(fixture.request().withRecheck(0), ProgressListener.SILENT);
            assertThat(source(known)).isEqualTo(ChangeSource.WAL);
            assertThat(known.statistics().pagesChecked())
                    .isLessThan(fixture.kept.backups().getFirst().size().rawBytes() / PAGE / 4);
            assertHasTable(fixture, cluster, known);

            segmentsThatTheServerRemoved(fixture);
            pageBehindTheServersBackIsFoundByRecheck(fixture);
            changesWhileTheBaseWasTaken(fixture);
            minimalWal(fixture);
            missingSegment(fixture);
            missingPack(fixture);
            switchedChecksums(fixture);
        }
    }

    private static void segmentsThatTheServerRemoved(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        cluster.execute("update item set text = 'changed too' where id % 1900 = 0");
        String before = cluster.switchWal();
        cluster.execute("update item set text = 'changed last' where id = 11000");
        advance(cluster, 3);
        WalSegmentName last = WalSegmentName.parse(cluster.switchWal());
        Waiting.until(
                "segment " + last + " is archived",
                () -> fixture.kept.walArchive().contains(last));
        int removed = 0;
        for (Path file : segmentsUpTo(cluster, last)) {
            Files.delete(file);
            removed++;
        }
        assertThat(before).isLessThan(last.toString());
        Said said = new Said();

        BackupOutcome outcome = fixture.backup(fixture.request().withRecheck(0), said);

        assertThat(source(outcome)).isEqualTo(ChangeSource.WAL);
        assertThat(removed).isGreaterThanOrEqualTo(5);
        assertThat(said.notices())
                .anySatisfy(notice -> assertThat(notice)
                        .matches("of \\d+ segments of WAL the archive keeps what they changed, \\d+ were read"));
        assertThat(outcome.statistics().pagesChecked())
                .isLessThan(fixture.kept.backups().getFirst().size().rawBytes() / PAGE / 4);
        assertHasTable(fixture, cluster, outcome);
    }

    private static List<Path> segmentsUpTo(TestCluster cluster, WalSegmentName last) throws IOException {
        try (Stream<Path> files = Files.list(cluster.dataDirectory().resolve("pg_wal"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}")
                            && file.getFileName().toString().compareTo(last.toString()) <= 0)
                    .toList();
        }
    }

    private void pageBehindTheServersBackIsFoundByRecheck(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        Path file = cluster.dataDirectory().resolve(file(cluster));
        cluster.execute("checkpoint");
        fixture.backup(fixture.request(), ProgressListener.SILENT);
        byte[] before = Files.readAllBytes(file);
        byte[] altered = before.clone();
        alter(altered, 100, PAGE - 10, 0x55);
        // HEAP_XMIN_COMMITTED and HEAP_XMIN_INVALID, which VACUUM FREEZE set, taken from the last tuple of the page
        alter(altered, 50, firstTuple(altered, 50) + 21, 0x03);
        Files.write(file, altered);

        Said silent = new Said();
        fixture.backup(fixture.request().withRecheck(0), silent);
        assertThat(silent.warnings()).isEmpty();
        Said said = new Said();
        BackupOutcome outcome = fixture.backup(fixture.request().withRecheck(1), said);

        assertThat(source(outcome)).isEqualTo(ChangeSource.WAL);
        assertThat(outcome.damagedPages()).isEmpty();
        assertThat(said.warnings())
                .singleElement()
                .asString()
                .startsWith("page 100 of \"" + file(cluster) + "\" (page LSN ")
                .endsWith(") is not as the base has it, though WAL says nothing of a change; it is stored as it is now."
                        + " The page was damaged on disk, or pgark has an error: take a backup with --full.");
        assertThat(outcome.statistics().unexplainedPages()).isEqualTo(1);
        assertThat(new UnpackedBackup(fixture.kept, outcome.record()).content(file(cluster)))
                .isEqualTo(altered);
        Files.write(file, before);
        assertThat(fixture.backup(fixture.request().withReadAll(true), ProgressListener.SILENT)
                        .record()
                        .basis()
                        .changes())
                .isEqualTo(ChangeSource.READ);
    }

    private static int firstTuple(byte[] file, int page) {
        ByteBuffer pages = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return pages.getInt(page * PAGE + 24) & 0x7FFF;
    }

    private static void alter(byte[] file, int page, int at, int bits) {
        file[page * PAGE + at] ^= (byte) bits;
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(page * PAGE + 8, (short)
                PageChecksum.compute(file, page * PAGE, page));
    }

    private static void changesWhileTheBaseWasTaken(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        fixture.backup(fixture.request(), new Said() {
            @Override
            public void phase(String name) {
                if (name.equals("stopping")) {
                    try {
                        cluster.execute("update item set text = 'late' where id = 5000");
                        cluster.execute("checkpoint");
                        // What is read begins at the beginning of a segment.
                        advance(cluster, 2);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });

        BackupOutcome outcome = fixture.backup(fixture.request().withRecheck(0), ProgressListener.SILENT);

        assertThat(source(outcome)).isEqualTo(ChangeSource.WAL);
        assertHasTable(fixture, cluster, outcome);
    }

    private static void minimalWal(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        cluster.cluster().configure(Map.of("wal_level", "minimal", "archive_mode", "off", "max_wal_senders", "0"));
        cluster.restart();
        cluster.execute("begin; truncate item; insert into item select n, md5(n::text)"
                + " from generate_series(1, 9000) n; commit");
        cluster.cluster().configure(Map.of("wal_level", "replica", "archive_mode", "on", "max_wal_senders", "3"));
        cluster.restart();
        Said said = new Said();

        BackupOutcome outcome = fixture.backup(fixture.request(), said);

        assertThat(source(outcome)).isEqualTo(ChangeSource.READ);
        assertThat(said.notices())
                .singleElement()
                .asString()
                .startsWith("every page is read and compared with backup ")
                .contains(": wal_level was minimal at ");
        assertHasTable(fixture, cluster, outcome);
    }

    private static void missingSegment(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        fixture.backup();
        cluster.execute("update item set text = 'unseen' where id = 100");
        WalSegmentName lost = WalSegmentName.parse(cluster.switchWal());
        advance(cluster, 2);
        Waiting.until(
                "segment " + lost + " is archived",
                () -> fixture.kept.walArchive().contains(lost));
        delete(fixture, lost.toString());
        Files.deleteIfExists(cluster.dataDirectory().resolve("pg_wal/" + lost));
        Said said = new Said();

        BackupOutcome outcome = fixture.backup(fixture.request(), said);

        assertThat(source(outcome)).as("%s %s", lost, said.notices()).isEqualTo(ChangeSource.READ);
        assertThat(said.notices())
                .singleElement()
                .asString()
                .endsWith(": WAL segment " + lost + " is not in the archive");
        assertHasTable(fixture, cluster, outcome);
    }

    private static void missingPack(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        BackupRecord last = fixture.backup().record();
        PackSummary lost = fixture.kept.packs(last.id()).getFirst();
        delete(fixture, lost.id().toString());
        Said said = new Said();

        BackupOutcome outcome = fixture.backup(fixture.request(), said);

        assertThat(outcome.record().basis().base()).isEmpty();
        assertThat(said.warnings())
                .anyMatch(words -> words.startsWith("backup " + last.id() + " cannot be restored: "));
        assertThat(fixture.kept.packs(outcome.record().id())).doesNotContain(lost);
        assertHasTable(fixture, cluster, outcome);
    }

    private static void switchedChecksums(BackupFixture fixture) throws Exception {
        TestCluster cluster = fixture.cluster;
        cluster.stop(StopMode.FAST);
        switchChecksumsOff(ControlFile.in(cluster.dataDirectory()));
        cluster.start();
        Said said = new Said();

        BackupOutcome outcome = fixture.backup(fixture.request(), said);

        assertThat(source(outcome)).isEqualTo(ChangeSource.READ);
        assertThat(said.notices()).singleElement().asString().endsWith(": data checksums were switched since");
    }

    /** What pg_checksums --disable does. */
    private static void switchChecksumsOff(Path control) throws IOException {
        byte[] content = Files.readAllBytes(control);
        int crcOffset = PostgresMajor.V15.controlCrcOffset();
        ByteBuffer words =
                ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(252, 0);
        CRC32C crc = new CRC32C();
        crc.update(content, 0, crcOffset);
        words.putInt(crcOffset, (int) crc.getValue());
        Files.write(control, content);
    }

    private static void delete(BackupFixture fixture, String end) {
        Deque<String> folders = new ArrayDeque<>();
        folders.add("clusters");
        while (!folders.isEmpty()) {
            String folder = folders.remove();
            fixture.store.folders(new ObjectName(folder)).forEach(name -> folders.add(folder + "/" + name));
            for (StoredObject object : fixture.store.list(new ObjectName(folder))) {
                if (object.name().value().endsWith(end)) {
                    fixture.store.delete(object.name());
                }
            }
        }
    }

    @Test
    void aPromotedStandbyGoesOnButTheOldPrimaryHasToBeRead() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(15, SETTINGS)) {
            TestCluster primary = fixture.cluster;
            fill(primary);
            fixture.backup();
            primary.execute("update item set text = 'before' where id = 700");
            try (TestCluster standby =
                    primary.standby().with("wal_keep_size", "64MB").started()) {
                BackupRequest request =
                        BackupRequest.of(standby.dataDirectory(), "test").withRecheck(0);
                standby.cluster().promote();
                standby.execute("update item set text = 'after' where id = 9000");
                WalFileName.History history = new WalFileName.History(new Timeline(2));
                Waiting.until(
                        "its history is archived",
                        () -> fixture.kept.walArchive().contains(history));
                fixture.kept.walArchive().delete(List.of(history));

                BackupOutcome promoted = fixture.backup(standby, request, ProgressListener.SILENT);

                assertThat(source(promoted)).isEqualTo(ChangeSource.WAL);
                assertThat(promoted.record().wal().stopTimeline().id()).isEqualTo(2);
                assertThat(fixture.kept.walArchive().contains(history)).isTrue();
                assertHasTable(fixture, standby, promoted);

                Said lagging = new Said();
                primary.execute("update item set text = 'old primary' where id = 12000");
                BackupOutcome behind = fixture.backup(fixture.request(), lagging);
                assertThat(source(behind)).isEqualTo(ChangeSource.READ);
                assertHasTable(fixture, primary, behind);

                advance(standby, 6);
                standby.execute("update item set text = 'new primary' where id = 15000");
                Said otherWay = new Said();
                BackupOutcome ahead = fixture.backup(standby, request, otherWay);
                assertThat(source(ahead)).isEqualTo(ChangeSource.READ);
                assertThat(otherWay.notices())
                        .singleElement()
                        .asString()
                        .endsWith("it ended at " + behind.record().wal().stopLsn()
                                + " on timeline 1, which timeline 2 does not come from");
                assertHasTable(fixture, standby, ahead);

                Said late = new Said();
                BackupOutcome back = fixture.backup(fixture.request(), late);
                assertThat(source(back)).isEqualTo(ChangeSource.READ);
                assertThat(late.notices())
                        .singleElement()
                        .asString()
                        .contains("it ended at " + ahead.record().wal().stopLsn() + ", after this server's ");
                assertHasTable(fixture, primary, back);
            }
        }
    }

    @Test
    void anOlderCopyOfTheFilesOnTheSameTimelineIsRead() throws Exception {
        Map<String, String> settings = Map.of("summarize_wal", "on", "fsync", "off");
        try (BackupFixture fixture = BackupFixture.started(18, settings)) {
            TestCluster cluster = fixture.cluster;
            fill(cluster);
            fixture.backup();
            cluster.execute("update item set text = 'both' where id = 700");
            assertThat(source(fixture.backup())).isEqualTo(ChangeSource.WAL_SUMMARIES);
            cluster.stop(StopMode.FAST);
            try (TestCluster older = cluster.copied(Map.of())) {
                cluster.start();
                cluster.execute("update item set text = 'lost' where id = 9000");
                advance(cluster, 3);
                BackupOutcome base = fixture.backup(fixture.request().withRecheck(0), ProgressListener.SILENT);
                assertThat(source(base)).isEqualTo(ChangeSource.WAL_SUMMARIES);
                cluster.stop(StopMode.FAST);

                older.start();
                older.execute("update item set text = 'instead' where id = 15000");
                for (int number = 0; number < 20; number++) {
                    older.switchWal();
                    older.execute("checkpoint");
                }
                assertThat(Lsn.parse(older.query("select pg_current_wal_lsn()::text"))
                                .isAfter(base.record().wal().stopLsn()))
                        .isTrue();
                Said said = new Said();
                BackupOutcome outcome = fixture.backup(
                        older, BackupRequest.of(older.dataDirectory(), "test").withRecheck(0), said);

                assertThat(source(outcome)).as(said.notices().toString()).isEqualTo(ChangeSource.READ);
                assertHasTable(fixture, older, outcome);
            }
        }
    }

    @Test
    void anOlderCopyOfTheFilesThatStillHasItsOwnWalIsRead() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(15, Map.of("fsync", "off"))) {
            TestCluster cluster = fixture.cluster;
            fill(cluster);
            cluster.stop(StopMode.FAST);
            try (TestCluster older = cluster.copied(SETTINGS)) {
                cluster.start();
                cluster.execute("update item set text = 'lost' where id = 9000");
                advance(cluster, 3);
                BackupOutcome base = fixture.backup(fixture.request().withRecheck(0), ProgressListener.SILENT);
                cluster.stop(StopMode.FAST);

                older.start();
                older.execute("update item set text = 'instead' where id = 15000");
                advance(older, 7);
                assertThat(Lsn.parse(older.query("select pg_current_wal_lsn()::text"))
                                .isAfter(base.record().wal().stopLsn()))
                        .isTrue();
                Said said = new Said();
                BackupOutcome outcome = fixture.backup(
                        older, BackupRequest.of(older.dataDirectory(), "test").withRecheck(0), said);

                assertThat(source(outcome)).as(said.notices().toString()).isEqualTo(ChangeSource.READ);
                assertThat(said.notices()).singleElement().asString().contains("went another way before backup");
                assertHasTable(fixture, older, outcome);
            }
        }
    }
}
