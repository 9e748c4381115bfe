package org.pgark.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.restore.PgRestore;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;

/** Databases that are large in one way or another, dumped and restored within the heap that the launcher gives. */
@Tag("slow")
class LargeDatabaseTest {
    private static final int HEAP_MEGABYTES = 192;
    private static final int TABLES = 10_000;
    private static final int LARGE_OBJECTS = 100_000;

    private static TestCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(18)
                .with("fsync", "off")
                .with("max_locks_per_transaction", "512")
                .started();
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static Connection open(String database) throws SQLException {
        return cluster.cluster().connect(database);
    }

    private static void run(String database, String... statements) throws SQLException {
        try (Connection connection = open(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String value(String database, String query) throws SQLException {
        try (Connection connection = open(database);
                Statement statement = connection.createStatement();
                var answer = statement.executeQuery(query)) {
            assertThat(answer.next()).isTrue();
            return answer.getString(1);
        }
    }

    private static void succeed(String... words) throws IOException {
        ProgramOutcome outcome = ProgramOutcome.of(new Programs(cluster).process(HEAP_MEGABYTES, words));
        assertThat(outcome.errors()).as("%s", List.of(words)).isEmpty();
        assertThat(outcome.exitStatus()).as("%s", List.of(words)).isZero();
    }

    /** Two dumps of what was restored from archives in these formats have to be the same as one of the source. */
    private void assertComesBack(String database, String... formats) throws Exception {
        Path script = folder.resolve(database + ".sql");
        succeed("pg_dump", "--restrict-key=key", "-s", "-f", script.toString(), database);
        for (String format : formats) {
            String copy = database + "_" + format;
            Path archive = folder.resolve(copy);
            succeed("pg_dump", "-F" + format, "-f", archive.toString(), database);
            cluster.execute("CREATE DATABASE " + copy + " TEMPLATE template0");
            succeed("pg_restore", "-d", copy, archive.toString());
            Path again = folder.resolve(copy + ".sql");
            succeed("pg_dump", "--restrict-key=key", "-s", "-f", again.toString(), copy);
            assertThat(again).hasSameBinaryContentAs(script);
        }
    }

    @Test
    void tenThousandTables() throws Exception {
        cluster.execute("CREATE DATABASE tables TEMPLATE template0");
        run("tables", """
            DO $$ BEGIN FOR i IN 1..%d LOOP
              EXECUTE format('CREATE TABLE t%%s (id int PRIMARY KEY, a text DEFAULT ''x'', b timestamptz)', i);
            END LOOP; END $$\
            """.formatted(TABLES));
        assertComesBack("tables", "c");
        assertThat(value("tables_c", "SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]+$'"))
                .isEqualTo(String.valueOf(TABLES));
    }

    @Test
    void aHundredThousandLargeObjects() throws Exception {
        cluster.execute("CREATE DATABASE objects TEMPLATE template0");
        run("objects", """
            DO $$ BEGIN FOR i IN 1..%d LOOP
              PERFORM lo_from_bytea(100000 + i, convert_to(i::text, 'UTF8'));
              IF i %% 1000 = 0 THEN EXECUTE format('COMMENT ON LARGE OBJECT %%s IS ''%%s''', 100000 + i, i); COMMIT; END IF;
            END LOOP; END $$\
            """.formatted(LARGE_OBJECTS));
        assertComesBack("objects", "c", "d", "t");
        for (String format : List.of("c", "d", "t")) {
            assertThat(value(
                            "objects_" + format,
                            "SELECT count(*) FROM pg_largeobject_metadata WHERE convert_from(lo_get(oid), 'UTF8')"
                                    + " = (oid::bigint - 100000)::text"))
                    .as(format)
                    .isEqualTo(String.valueOf(LARGE_OBJECTS));
        }
    }

    @Test
    void aFieldLargerThanTheHeap() throws Exception {
        cluster.execute("CREATE DATABASE field TEMPLATE template0");
        run(
                "field",
                "CREATE TABLE t (id int, a text)",
                "ALTER TABLE t ALTER a SET STORAGE EXTERNAL",
                "INSERT INTO t SELECT 1, repeat(md5('x'), 400 * 1024 * 1024 / 32)",
                "INSERT INTO t VALUES (2, 'small')");
        assertComesBack("field", "c", "d", "t");
        succeed("pg_dump", "-Fp", "-Zzstd", "-f", folder.resolve("field.zst").toString(), "field");
        String sum =
                value("field", "SELECT string_agg(id || ' ' || length(a) || ' ' || md5(a), ',' ORDER BY id) FROM t");
        for (String format : List.of("c", "d", "t")) {
            assertThat(value(
                            "field_" + format,
                            "SELECT string_agg(id || ' ' || length(a) || ' ' || md5(a), ',' ORDER BY id) FROM t"))
                    .as(format)
                    .isEqualTo(sum);
        }
    }

    /** INSERTs need a whole row at a time, several times over; a heap that is too small for it is told. */
    @Test
    void aLargeFieldInAnInsert() throws Exception {
        cluster.execute("CREATE DATABASE inserted TEMPLATE template0");
        run("inserted", "CREATE TABLE t (a text)", "INSERT INTO t SELECT repeat(md5('x'), 100 * 1024 * 1024 / 32)");
        String[] words = {
            "pg_dump", "--inserts", "-f", folder.resolve("inserts.sql").toString(), "inserted"
        };
        ProgramOutcome tight = ProgramOutcome.of(new Programs(cluster).process(64, words));
        assertThat(tight.exitStatus()).isEqualTo(1);
        assertThat(tight.errors()).startsWith("pg_dump: error: ");
        ProgramOutcome enough = ProgramOutcome.of(new Programs(cluster).process(512, words));
        assertThat(enough.errors()).isEmpty();
        assertThat(enough.exitStatus()).isZero();
    }

    /** What is changed beside a dump either is in it whole or fails it by a message; what was dumped can be restored. */
    @Test
    void definitionsThatChangeBesideDumps() throws Exception {
        cluster.execute("CREATE DATABASE moving TEMPLATE template0");
        run("moving", "CREATE TABLE fixed AS SELECT n FROM generate_series(1, 1000) n");
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> changes = CompletableFuture.supplyAsync(() -> {
            int round = 0;
            try (Connection connection = open("moving");
                    Statement statement = connection.createStatement()) {
                for (; !over.get(); round++) {
                    String name = "moving_" + round % 20;
                    statement.execute("DROP TABLE IF EXISTS " + name + " CASCADE; CREATE TABLE " + name
                            + " (a int PRIMARY KEY, b text); INSERT INTO " + name
                            + " SELECT n, 'x' FROM generate_series(1, 50) n; CREATE VIEW " + name
                            + "_view AS SELECT a FROM " + name);
                    statement.execute("ALTER TABLE " + name + " ADD COLUMN c int DEFAULT 1, ALTER b TYPE varchar");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return round;
        });
        List<String> failures = new ArrayList<>();
        int whole = 0;
        for (int round = 0; round < 20; round++) {
            Path archive = folder.resolve("moving" + round);
            Programs programs = new Programs(cluster);
            if (programs.run(new PgDump(), "-Fd", "-j2", "-f", archive.toString(), "moving") == 0) {
                whole++;
                String copy = "moving_copy" + round;
                cluster.execute("CREATE DATABASE " + copy + " TEMPLATE template0");
                assertThat(programs.run(new PgRestore(), "-d", copy, archive.toString()))
                        .as(programs.err())
                        .isZero();
                assertThat(value(copy, "SELECT count(*) FROM fixed")).isEqualTo("1000");
            } else {
                failures.add(programs.err());
                assertThat(Files.exists(archive.resolve("toc.dat"))).isFalse();
            }
        }
        over.set(true);
        assertThat(changes.get()).isPositive();
        assertThat(failures).allMatch(text -> text.startsWith("pg_dump: error: ") && !text.contains("internal error"));
        assertThat(whole).as("%s", failures).isPositive();
    }
}
