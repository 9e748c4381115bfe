package org.pgark.logical.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.testkit.TestCluster;

class StatisticsTest {
    private static final String KNOWN = """
        SELECT string_agg(s::text, E'\\n' ORDER BY s.tablename, s.attname) FROM (
          SELECT tablename, attname, inherited, null_frac, avg_width, n_distinct, most_common_vals, most_common_freqs,
            histogram_bounds, correlation, most_common_elems, elem_count_histogram, range_bounds_histogram
          FROM pg_stats WHERE schemaname = 'public') s\
        """;

    private static final String SIZES = """
        SELECT string_agg(concat_ws(' ', relname, relpages, reltuples, relallvisible), E'\\n' ORDER BY relname)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i', 'm')\
        """;

    @TempDir
    private Path folder;

    @Test
    void bringsBackWhatThePlannerKnows() throws Exception {
        try (TestCluster cluster = TestCluster.of(18).with("autovacuum", "off").started()) {
            Dumps dumps = new Dumps(cluster);
            dumps.create("first");
            dumps.create("second");
            dumps.run(
                    "first",
                    "CREATE TABLE \"o'dd\" (id int PRIMARY KEY, words text[], span int4range, \"we\\ird\" text)",
                    "INSERT INTO \"o'dd\" SELECT n, ARRAY['a', 'b' || n % 7], int4range(n, n + n % 9), repeat('x', n %"
                            + " 5) FROM generate_series(1, 2000) n",
                    "CREATE INDEX by_sum ON \"o'dd\" ((id % 10), (id + 1))",
                    "CREATE MATERIALIZED VIEW grouped AS SELECT id, words, count(*) FROM \"o'dd\" GROUP BY id",
                    "ANALYZE",
                    "VACUUM");
            DumpOptions options =
                    DumpOptions.builder().contents(true, true, true).build();
            assertThat(dumps.script("first", options))
                    .contains("-- Statistics for Name: by_sum; Type: STATISTICS DATA; Schema: public; Owner: -\n")
                    .contains("'relname', 'o''dd',\n\t'attname', 'we\\ird',\n");
            dumps.custom("first", options, folder.resolve("archive"));
            assertThat(dumps.restore(folder.resolve("archive"), "second", 1)).isZero();
            assertThat(dumps.value("second", KNOWN)).isEqualTo(dumps.value("first", KNOWN));
            assertThat(dumps.value("second", SIZES)).isEqualTo(dumps.value("first", SIZES));
            assertThat(dumps.script("second", options)).isEqualTo(dumps.script("first", options));
            assertThat(dumps.lines()).isEmpty();
        }
    }

    @Test
    void leavesThemOutWhereTheyAreNotAskedFor() throws Exception {
        try (TestCluster cluster = TestCluster.of(18).started()) {
            Dumps dumps = new Dumps(cluster);
            dumps.run("postgres", "CREATE TABLE t AS SELECT 1 AS a", "ANALYZE t");
            assertThat(dumps.script("postgres")).doesNotContain("pg_restore_relation_stats");
            assertThat(dumps.script(
                            "postgres",
                            DumpOptions.builder().contents(false, false, true).build()))
                    .contains("'relname', 't',")
                    .doesNotContain("CREATE TABLE", "COPY public");
        }
    }
}
