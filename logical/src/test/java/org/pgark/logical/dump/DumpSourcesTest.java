package org.pgark.logical.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.testkit.TestCluster;

class DumpSourcesTest {
    @TempDir
    private Path folder;

    @Test
    void dumpsAStandbyAsItDumpsItsPrimary() throws Exception {
        try (TestCluster primary = TestCluster.of(16).started()) {
            Dumps source = new Dumps(primary);
            source.run(
                    "postgres",
                    "CREATE TABLE t AS SELECT n FROM generate_series(1, 1000) n",
                    "CREATE UNLOGGED TABLE u AS SELECT 1 AS a",
                    "CREATE SEQUENCE s START 7");
            try (TestCluster standby = primary.standby().started()) {
                Dumps copy = new Dumps(standby);
                String lsn = source.value("postgres", "SELECT pg_current_wal_flush_lsn()");
                while (!copy.value("postgres", "SELECT pg_last_wal_replay_lsn() >= '" + lsn + "'")
                        .equals("t")) {
                    Thread.onSpinWait();
                }
                assertThat(copy.script("postgres"))
                        .contains("CREATE UNLOGGED TABLE public.u")
                        .doesNotContain("COPY public.u")
                        .contains("SELECT pg_catalog.setval('public.s', 7, false);");
                copy.directory("postgres", DumpOptions.builder().jobs(2).build(), folder.resolve("archive"));
            }
            source.create("restored");
            assertThat(source.restore(folder.resolve("archive"), "restored", 2)).isZero();
            assertThat(source.value("restored", "SELECT sum(n) FROM t")).isEqualTo("500500");
        }
    }

    @Test
    void leavesWhatAnExtensionMakesToTheExtension() throws Exception {
        try (TestCluster cluster = TestCluster.of(17).started()) {
            Dumps dumps = new Dumps(cluster);
            dumps.create("first");
            dumps.create("second");
            dumps.run(
                    "first",
                    "CREATE SCHEMA e",
                    "CREATE EXTENSION pg_trgm SCHEMA e",
                    "COMMENT ON EXTENSION pg_trgm IS 'ours'",
                    "CREATE TABLE t AS SELECT 'word' || n AS a FROM generate_series(1, 9) n",
                    "CREATE INDEX ON t USING gin (a e.gin_trgm_ops)",
                    "REVOKE EXECUTE ON FUNCTION e.similarity(text, text) FROM PUBLIC",
                    "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "CREATE EXTENSION btree_gin SCHEMA e",
                    "CREATE EXTENSION cube SCHEMA e",
                    "ALTER FUNCTION own() DEPENDS ON EXTENSION pg_trgm",
                    "ALTER FUNCTION own() DEPENDS ON EXTENSION cube",
                    "ALTER FUNCTION own() DEPENDS ON EXTENSION btree_gin");
            String script = dumps.script("first");
            assertThat(script)
                    .contains(
                            "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA e;",
                            "COMMENT ON EXTENSION pg_trgm IS 'ours';",
                            "REVOKE ALL ON FUNCTION e.similarity(text, text) FROM PUBLIC;",
                            """
                            ALTER FUNCTION public.own() DEPENDS ON EXTENSION pg_trgm;
                            ALTER FUNCTION public.own() DEPENDS ON EXTENSION cube;
                            ALTER FUNCTION public.own() DEPENDS ON EXTENSION btree_gin;
                            """)
                    .doesNotContain("CREATE FUNCTION e.");
            dumps.runScript(script.getBytes(java.nio.charset.StandardCharsets.UTF_8), "second");
            assertThat(dumps.script("second")).isEqualTo(script);
        }
    }
}
