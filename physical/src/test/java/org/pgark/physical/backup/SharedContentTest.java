package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.repository.BackupKind;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.collect.CollectProgress;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.testkit.FileFault;

/** What a backup need not store because it is in the repository already. */
class SharedContentTest {
    private BackupFixture fixture;

    @BeforeEach
    void start() throws Exception {
        // The fixture's archive is behind the server, which must not remove what is not there yet.
        fixture = BackupFixture.started(15, Map.of("wal_keep_size", "64MB"));
        fixture.cluster.execute("create table item as select g as id, md5(g::text) || md5((g * 7)::text) as name"
                + " from generate_series(1, 30000) g; create index on item (id)");
        fixture.cluster.execute("vacuum (freeze, analyze) item");
        fixture.cluster.execute("checkpoint");
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void isTheQuietCluster(BackupRecord record) throws IOException {
        UnpackedBackup unpacked = new UnpackedBackup(fixture.kept, record);
        Path data = fixture.cluster.dataDirectory();
        for (ManifestEntry entry : unpacked.entries().values()) {
            if (entry instanceof ManifestEntry.File && entry.path().matches("base/.*|PG_VERSION|postgresql.conf")) {
                assertThat(unpacked.content(entry.path()))
                        .as(entry.path())
                        .isEqualTo(Files.readAllBytes(data.resolve(entry.path())));
            }
        }
    }

    @Test
    void aBackupOfAnUnchangedClusterStoresAlmostNothing() throws Exception {
        BackupRecord first = fixture.backup().record();
        BackupRecord second = fixture.backup().record();
        BackupRecord third = fixture.backup(fixture.request().withReadAll(true), ProgressListener.SILENT)
                .record();
        BackupRecord full = fixture.backup(fixture.request().withFull(true), ProgressListener.SILENT)
                .record();

        assertThat(first.kind()).isEqualTo(BackupKind.FULL);
        assertThat(second.kind()).isEqualTo(BackupKind.INCREMENTAL);
        assertThat(second.basis().changes()).isEqualTo(ChangeSource.WAL);
        assertThat(third.basis().changes()).isEqualTo(ChangeSource.READ);
        assertThat(third.basis().base()).contains(second.id());
        assertThat(second.size().storedBytes()).isLessThan(100_000);
        assertThat(third.size().storedBytes()).isLessThan(100_000);
        assertThat(full.kind()).isEqualTo(BackupKind.FULL);
        assertThat(full.size().storedBytes()).isGreaterThan(first.size().storedBytes() / 2);
        isTheQuietCluster(second);
        isTheQuietCluster(third);
        isTheQuietCluster(full);
    }

    @Test
    void aBackupStoresThePagesThatChanged() throws Exception {
        BackupRecord first = fixture.backup().record();
        fixture.cluster.execute("update item set name = 'changed' where id % 3000 = 0; checkpoint");
        BackupRecord second = fixture.backup().record();

        assertThat(second.basis().changes()).isEqualTo(ChangeSource.WAL);
        assertThat(second.size().storedBytes())
                .isLessThan(first.size().storedBytes() / 20)
                .isLessThan(300_000);
        isTheQuietCluster(second);
    }

    @Test
    void aDatabaseThatIsACopyIsStoredOnce() throws Exception {
        BackupRecord first = fixture.backup().record();
        assertThat(first.size().storedBytes()).isLessThan(10_000_000);
        fixture.cluster.execute("create database copy template postgres strategy file_copy");
        BackupRecord second = fixture.backup().record();

        assertThat(second.size().storedBytes()).isLessThan(300_000);
        isTheQuietCluster(second);
    }

    @Test
    void whatAnInterruptedBackupStoredIsTakenOver() throws Exception {
        fixture.stopFeeding();
        assertThatThrownBy(() ->
                        fixture.backup(fixture.request().withArchiveTimeout(Duration.ZERO), ProgressListener.SILENT))
                .isInstanceOf(FailedException.class);
        assertThat(fixture.kept.backups()).isEmpty();
        fixture.feed();

        BackupRecord record = fixture.backup().record();

        assertThat(record.kind()).isEqualTo(BackupKind.FULL);
        assertThat(record.size().storedBytes()).isLessThan(200_000);
        assertThat(fixture.kept.packs(record.id()))
                .hasSizeGreaterThan(record.size().packs() - 1);
        isTheQuietCluster(record);
        assertThat(fixture.kept.missing(fixture.kept.packs(record.id()))).isEmpty();
    }

    @Test
    void aPageThatRotsIsReportedAndKeptAsItWas() throws Exception {
        fixture.backup();
        String path = fixture.cluster.query("select pg_relation_filepath('item')");
        Path place = fixture.cluster.dataDirectory().resolve(path);
        byte[] sound = Files.readAllBytes(place);
        FileFault.flipBit(place, 5 * 8192 + 4000);

        BackupOutcome second = fixture.backup(fixture.request().withRecheck(1), ProgressListener.SILENT);

        assertThat(second.record().basis().changes()).isEqualTo(ChangeSource.WAL);
        assertThat(second.statistics().unexplainedPages()).isEqualTo(1);
        assertThat(second.damagedPages()).isEmpty();
        assertThat(new UnpackedBackup(fixture.kept, second.record()).content(path))
                .isEqualTo(sound);
    }

    @Test
    void aPageMapThatIsTakenOverOutlivesTheRewritingOfItsPacks() throws Exception {
        fixture.cluster.execute("create table wide (id int, text text) with (fillfactor = 60)");
        fixture.cluster.execute("create table gone (id int, text text)");
        fixture.cluster.execute("insert into wide select n, md5(n::text) from generate_series(1, 60000) n");
        fixture.cluster.execute("insert into gone select n, md5(n::text) from generate_series(1, 60000) n");
        fixture.cluster.execute("vacuum freeze");
        BackupRecord first = fixture.backup().record();
        for (int id = 700; id < 60000; id += 4000) {
            fixture.cluster.execute("update wide set text = 'changed' where id = " + id);
        }
        fixture.cluster.execute("drop table gone");
        fixture.cluster.execute("checkpoint");
        BackupRecord second = fixture.backup().record();
        fixture.kept.delete(first.id());
        collectAll();
        BackupRecord third = fixture.backup().record();
        fixture.kept.delete(second.id());
        collectAll();

        isTheQuietCluster(third);
        assertThat(fixture.kept.missing(fixture.kept.packs(third.id()))).isEmpty();
    }

    /** Rewrites whatever is not needed whole. */
    private void collectAll() throws IOException {
        for (int times = 0; times < 3; times++) {
            fixture.kept.collector(0.99, CollectProgress.SILENT).run();
        }
    }
}
