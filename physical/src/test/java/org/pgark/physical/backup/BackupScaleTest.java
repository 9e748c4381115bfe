package org.pgark.physical.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.testkit.FileFault;

/** Relations of several files, and many relations. */
class BackupScaleTest {
    private static final long SEGMENT = 1L << 30;
    private static final int PAGE = 8192;

    @Test
    void countsBlocksOverAllFilesOfARelation() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(15, Map.of())) {
            fixture.cluster.execute("create table big (id int, filler text)");
            Path first = fixture.cluster
                    .dataDirectory()
                    .resolve(fixture.cluster.query("select pg_relation_filepath('big')"));
            Path second = first.resolveSibling(first.getFileName() + ".1");
            // Pages of zeros are what the server itself leaves when it extends a relation and then crashes.
            fixture.cluster.stop(StopMode.FAST);
            try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
                file.setLength(SEGMENT);
            }
            Files.write(second, new byte[3 * PAGE]);
            fixture.cluster.cluster().user().own(second);
            fixture.cluster.start();
            fixture.cluster.execute("insert into big select i, repeat('x', 1000) from generate_series(1, 500) i");
            fixture.cluster.execute("checkpoint");

            BackupOutcome sound = fixture.backup();

            assertThat(sound.damagedPages()).isEmpty();
            assertThat(sound.statistics().zeroBytes()).isGreaterThanOrEqualTo(SEGMENT);
            UnpackedBackup unpacked = new UnpackedBackup(fixture.kept, sound.record());
            String path = fixture.cluster.dataDirectory().relativize(second).toString();
            assertThat(unpacked.content(path)).isEqualTo(Files.readAllBytes(second));
            String whole = fixture.cluster.dataDirectory().relativize(first).toString();
            ManifestEntry.File entry =
                    (ManifestEntry.File) requireNonNull(unpacked.entries().get(whole));
            assertThat(entry.size()).isEqualTo(SEGMENT);

            FileFault.flipBit(second, 5 * PAGE + 6000);
            List<DamagedPage> damaged = fixture.backup(fixture.request().withFull(true), ProgressListener.SILENT)
                    .damagedPages();
            assertThat(damaged).hasSize(1);
            assertThat(damaged.getFirst().block()).isEqualTo(SEGMENT / PAGE + 5);
            assertThat(damaged.getFirst().path()).isEqualTo(path);
        }
    }

    @Test
    @Tag("slow")
    void backsUpTwentyThousandRelationsInSeconds() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(17, Map.of("max_locks_per_transaction", "2000"))) {
            for (int batch = 0; batch < 20; batch++) {
                fixture.cluster.execute(
                        "do $$ begin for i in 1..1000 loop execute format('create table t%s_%s as select 1 id', "
                                + batch + ", i); end loop; end $$");
            }
            BackupOutcome outcome = fixture.backup();

            assertThat(outcome.record().size().files()).isGreaterThan(20_000);
            assertThat(outcome.statistics().copy()).isLessThan(java.time.Duration.ofSeconds(20));
            assertThat(new UnpackedBackup(fixture.kept, outcome.record()).relations())
                    .hasSizeGreaterThan(20_000);
        }
    }
}
