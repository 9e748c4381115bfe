package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.ChangeSource;
import org.pgark.testkit.TestCluster;

/** How much a backup stores after single pages of a table changed at random. */
class StoredSizeTest {
    private static final int PAGE = 8192;
    private static final int FRAME_PAGES = 32;
    private static final int ZSTD_LEVEL = 3;
    private static final int BYTES_A_PAGE = 24;
    private static final int ROWS_A_PAGE = 32;

    @Test
    void aBackupStoresLittleMoreThanThePagesThatChanged() throws Exception {
        measure(3_000, 5);
    }

    @Test
    @Tag("slow")
    void aBackupStoresLittleMoreThanThePagesThatChangedInALargeTable() throws Exception {
        measure(32_000, 1, 5, 20);
    }

    private static void measure(int pages, int... percents) throws Exception {
        try (BackupFixture fixture =
                BackupFixture.started(18, Map.of("summarize_wal", "on", "fsync", "off", "wal_compression", "on"))) {
            TestCluster cluster = fixture.cluster;
            cluster.execute("create table item (id int, text text) with (fillfactor = 85)");
            cluster.execute("insert into item select n, md5(n::text) || md5((n * 7)::text) || md5((n / 40)::text)"
                    + " || repeat('account ', 10) from generate_series(1, " + pages * ROWS_A_PAGE + ") n");
            cluster.execute("vacuum freeze item");
            cluster.execute("checkpoint");
            fixture.backup();
            BackupOutcome unchanged = fixture.backup();
            assertThat(unchanged.statistics().storedBytes()).isLessThan(1 << 20);
            Random random = new Random(pages);
            for (int percent : percents) {
                Path file = cluster.dataDirectory().resolve(cluster.query("select pg_relation_filepath('item')"));
                byte[] before = Files.readAllBytes(file);
                cluster.execute("create temp table chosen as select n from generate_series(0, "
                        + (before.length / PAGE - 1)
                        + ") n where hashint4(n + " + random.nextInt(1 << 20) + ") % 100 in (select i from"
                        + " generate_series(0, " + (percent - 1) + ") i union select -i from generate_series(1, "
                        + percent + ") i)");
                cluster.execute("update item set text = md5(random()::text) || substr(text, 33) where ctid in"
                        + " (select format('(%s,1)', n)::tid from chosen)");
                cluster.execute("drop table chosen");
                cluster.execute("checkpoint");
                byte[] now = Files.readAllBytes(file);

                BackupOutcome outcome = fixture.backup(fixture.request().withRecheck(0), ProgressListener.SILENT);

                assertThat(outcome.record().basis().changes()).isEqualTo(ChangeSource.WAL_SUMMARIES);
                BitSet changed = changed(before, now);
                assertThat(changed.cardinality()).isGreaterThan(pages * percent / 200);
                // Catalogues, maps of small files and the like, which every backup stores.
                long always = unchanged.statistics().storedBytes();
                assertThat(outcome.statistics().storedBytes() - always)
                        .as("%d %%: %d of %d pages changed", percent, changed.cardinality(), now.length / PAGE)
                        .isLessThanOrEqualTo(allowed(now, changed));
            }
        }
    }

    private static BitSet changed(byte[] before, byte[] now) {
        BitSet changed = new BitSet();
        for (int page = 0; page < now.length / PAGE; page++) {
            int at = page * PAGE;
            changed.set(page, at + PAGE > before.length || !Arrays.equals(before, at, at + PAGE, now, at, at + PAGE));
        }
        return changed;
    }

    /** 1.3 times what the pages themselves need, in file order and in pieces of 256 KiB, and 24 bytes a page. */
    private static long allowed(byte[] file, BitSet changed) throws IOException {
        byte[] piece = new byte[FRAME_PAGES * PAGE];
        long bytes = 0;
        int filled = 0;
        for (int page = changed.nextSetBit(0); page >= 0; page = changed.nextSetBit(page + 1)) {
            System.arraycopy(file, page * PAGE, piece, filled * PAGE, PAGE);
            filled++;
            if (filled == FRAME_PAGES) {
                bytes += Zstd.compress(piece, ZSTD_LEVEL).length;
                filled = 0;
            }
        }
        bytes += Zstd.compress(Arrays.copyOf(piece, filled * PAGE), ZSTD_LEVEL).length;
        return (long) ((bytes + (long) BYTES_A_PAGE * changed.cardinality()) * 1.3);
    }
}
