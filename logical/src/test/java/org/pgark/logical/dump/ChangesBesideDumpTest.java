package org.pgark.logical.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.TestCluster;

/** Others change tables after the dump's snapshot was taken and before the dump has locked them. */
class ChangesBesideDumpTest {
    private static TestCluster cluster;

    private Dumps dumps;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(17).started();
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void begin() {
        dumps = new Dumps(cluster);
    }

    /** The script of a dump that has to wait for locks while these statements are in an open transaction. */
    private String scriptBeside(String database, DumpOptions options, String... changes) throws Exception {
        try (WireConnection other = dumps.open(database)) {
            other.query("BEGIN");
            for (String change : changes) {
                other.query(change);
            }
            CompletableFuture<String> script = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try {
                    script.complete(dumps.script(database, options));
                } catch (Exception e) {
                    script.completeExceptionally(e);
                }
            });
            while (!script.isDone()
                    && dumps.value(database, "SELECT count(*) FROM pg_locks WHERE NOT granted")
                            .equals("0")) {
                Thread.onSpinWait();
            }
            other.query("COMMIT");
            return script.get();
        }
    }

    private String scriptBeside(String database, String... changes) throws Exception {
        return scriptBeside(database, DumpOptions.builder().build(), changes);
    }

    private void createTable(String database) throws Exception {
        dumps.create(database);
        dumps.run(database, "CREATE TABLE t AS SELECT 1 AS a", "CREATE VIEW v AS SELECT a FROM t");
    }

    @Test
    void rowsOfAnExtensionsTableThatWasTruncatedAndFilledAreDumped() throws Exception {
        createTable("configured");
        dumps.run(
                "configured",
                "DROP VIEW v",
                "CREATE EXTENSION citext",
                "ALTER EXTENSION citext ADD TABLE t",
                "UPDATE pg_extension SET extconfig = ARRAY['t'::regclass::oid], extcondition = ARRAY['']"
                        + " WHERE extname = 'citext'");
        assertThat(scriptBeside("configured", "TRUNCATE t", "INSERT INTO t VALUES (2), (3)"))
                .contains("COPY public.t (a) FROM stdin;\n2\n3\n\\.\n");
    }

    @Test
    void rowsOfATableThatWasTruncatedAndFilledAreDumped() throws Exception {
        createTable("truncated");
        assertThat(scriptBeside("truncated", "TRUNCATE t", "INSERT INTO t VALUES (2), (3)"))
                .contains("COPY public.t (a) FROM stdin;\n2\n3\n\\.\n");
    }

    @Test
    void rowsOfATableThatWasRewrittenAreDumped() throws Exception {
        createTable("rewritten");
        assertThat(scriptBeside("rewritten", "DROP VIEW v", "ALTER TABLE t ALTER a TYPE text"))
                .contains("COPY public.t (a) FROM stdin;\n1\n\\.\n", "a text")
                .doesNotContain("CREATE VIEW");
    }

    @Test
    void aTableThatWasReplacedIsDumpedAsItIsNow() throws Exception {
        createTable("replaced");
        assertThat(scriptBeside(
                        "replaced",
                        "DROP TABLE t CASCADE",
                        "CREATE TABLE t AS SELECT 2 AS b",
                        "CREATE VIEW v AS SELECT b FROM t"))
                .contains("COPY public.t (b) FROM stdin;\n2\n\\.\n", "SELECT b\n   FROM public.t;");
        assertThat(scriptBeside("replaced", "ALTER TABLE t RENAME TO u", "CREATE TABLE t AS SELECT 3 AS c"))
                .contains("COPY public.t (c) FROM stdin;\n3\n\\.\n", "COPY public.u (b) FROM stdin;\n2\n\\.\n");
    }

    @Test
    void aTableThatIsGoneIsNotDumped() throws Exception {
        createTable("gone");
        assertThat(scriptBeside("gone", "DROP TABLE t CASCADE")).doesNotContain("CREATE");
    }

    @Test
    void aSnapshotOfTheCallersIsKept() throws Exception {
        createTable("given");
        try (WireConnection holder = dumps.open("given")) {
            holder.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
            DumpOptions options = DumpOptions.builder()
                    .snapshot(holder.queryRows("SELECT pg_export_snapshot()")
                            .getFirst()
                            .string(0))
                    .build();
            assertThat(scriptBeside("given", options, "TRUNCATE t")).contains("COPY public.t (a) FROM stdin;\n\\.\n");
            assertThat(dumps.lines())
                    .containsExactly(
                            "table \"public.t\" was truncated or rewritten after the snapshot was taken: its rows may be"
                                    + " missing from the dump",
                            "What VACUUM FULL, CLUSTER or SET TABLESPACE has moved is still there; what TRUNCATE or"
                                    + " ALTER TABLE has replaced is not.");
            dumps.run("given", "DROP TABLE t CASCADE", "CREATE TABLE t (b int)");
            assertThatThrownBy(() -> dumps.script("given", options))
                    .isInstanceOf(ChangedMeanwhileException.class)
                    .hasMessage("table \"public.t\" was dropped or renamed before it could be locked");
        }
    }

    @Test
    void aDefinitionThatCannotBeReadIsTold() throws Exception {
        createTable("broken");
        dumps.run(
                "broken",
                "CREATE INDEX i ON t (a)",
                "SET allow_system_table_mods = on; UPDATE pg_index SET indkey = '7' WHERE indexrelid = 'i'::regclass");
        assertThatThrownBy(() -> dumps.script("broken"))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("cache lookup failed for attribute 7");
        assertThat(dumps.lines()).isEqualTo(List.of());
    }
}
