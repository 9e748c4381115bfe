package org.pgark.cli.dumpall;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.dump.Programs;
import org.pgark.cli.restore.PgRestore;
import org.pgark.testkit.TestCluster;

class WholeServerTest {
    private static TestCluster source;
    private static Programs there;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        source = TestCluster.of(18).with("allow_in_place_tablespaces", "on").started();
        there = new Programs(source);
        for (String statement : List.of(
                "CREATE ROLE \"we ird\" LOGIN PASSWORD 'secret'",
                "CREATE ROLE other IN ROLE \"we ird\"",
                "ALTER ROLE other SET work_mem = '1MB'",
                "SET allow_in_place_tablespaces = on",
                "CREATE TABLESPACE ts LOCATION ''",
                "CREATE DATABASE \"d one\" OWNER other",
                "CREATE DATABASE \"a='b' \\c%20$\"",
                "ALTER DATABASE \"d one\" SET statement_timeout = '5s'",
                "CREATE DATABASE two TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
                "GRANT CONNECT ON DATABASE two TO other",
                "CREATE TABLE in_postgres AS SELECT 1 AS a")) {
            source.execute(statement);
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        source.close();
    }

    @Test
    void bringsAWholeServerBackFromOneFolder() throws Exception {
        Path archive = folder.resolve("server");
        assertThat(there.run(new PgDumpAll(), "-Fd", "-j2", "-f", archive.toString()))
                .as(there.err())
                .isZero();
        assertThat(Files.readAllLines(archive.resolve("map.dat")))
                .hasSize(5)
                .first()
                .isEqualTo("1 template1");
        try (TestCluster target =
                TestCluster.of(18).with("allow_in_place_tablespaces", "on").started()) {
            Programs here = new Programs(target);
            assertThat(here.run(new PgRestore(), "-d", "postgres", "-j2", archive.toString()))
                    .as(here.err())
                    .isZero();
            assertThat(here.run(new PgDumpAll(), "--restrict-key=key")).isZero();
            String restored = here.out();
            assertThat(there.run(new PgDumpAll(), "--restrict-key=key")).isZero();
            assertThat(restored)
                    .isEqualTo(there.out())
                    .contains("GRANT \"we ird\" TO other", "CREATE DATABASE \"d one\"");
        }
        assertThat(there.run(new PgRestore(), "-f", "-", archive.toString())).isZero();
        assertThat(there.out())
                .contains("CREATE ROLE other;", "\\connect postgres\n", "CREATE TABLE public.in_postgres");
    }

    /** Upstream marks what has backslashes, so that it is read alike whatever standard_conforming_strings is; not in functions. */
    @Test
    void settingsWithBackslashesAreMarked() throws Exception {
        source.execute("CREATE DATABASE settings");
        source.execute("ALTER DATABASE settings SET \"my.set\" = 'a''b\\c'");
        source.execute("ALTER DATABASE settings SET search_path = 'a\\b', \"$user\"");
        source.execute("ALTER ROLE other SET \"my.set\" = '\\'");
        source.execute("COMMENT ON ROLE other IS 'a\\b'");
        try (Connection connection = source.cluster().connect("settings");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SET \"my.set\" = '\\' AS 'SELECT 1'");
        }
        assertThat(there.run(new PgDumpAll())).as(there.err()).isZero();
        assertThat(there.out())
                .contains(
                        "ALTER DATABASE settings SET \"my.set\" TO E'a''b\\\\c';\n",
                        "ALTER DATABASE settings SET search_path TO E'a\\\\b', '$user';\n",
                        "ALTER ROLE other SET \"my.set\" TO E'\\\\';\n",
                        "COMMENT ON ROLE other IS E'a\\\\b';\n",
                        "    SET \"my.set\" TO '\\'\n");
        source.execute("DROP DATABASE settings");
    }

    @Test
    void doesNotTakeAHalfFolderForWhole() throws Exception {
        Path archive = folder.resolve("half");
        assertThat(there.run(new PgDumpAll(), "-Fc", "-f", archive.toString())).isZero();
        Files.delete(archive.resolve("map.dat"));
        assertThat(there.run(new PgRestore(), "-d", "postgres", archive.toString()))
                .isEqualTo(1);
        assertThat(there.err())
                .isEqualTo("pg_restore: error: \"" + archive + "\" is not a whole archive: it has no map.dat\n");
        assertThat(there.run(new PgDumpAll(), "-Fc", "-f", archive.toString())).isEqualTo(1);
        assertThat(there.err()).isEqualTo("pg_dumpall: error: directory \"" + archive + "\" is not empty\n");
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        for (Map.Entry<List<String>, String> refused : Map.of(
                        List.of("-Fd"), "option -F/--format=d|c|t requires option -f/--file",
                        List.of("-Fx"), "invalid output format \"x\" specified",
                        List.of("-j2"), "options -j/--jobs and -Z/--compress need -F/--format=d|c|t")
                .entrySet()) {
            assertThat(there.run(new PgDumpAll(), refused.getKey().toArray(String[]::new)))
                    .isEqualTo(1);
            assertThat(there.err()).isEqualTo("pg_dumpall: error: " + refused.getValue() + "\n");
        }
        assertThat(there.run(new PgDump(), "--compat=17", "--statistics")).isEqualTo(1);
        assertThat(there.err())
                .isEqualTo(
                        "pg_dump: error: statistics cannot be dumped for version 17: servers take them from 18 on\n");
    }

    @Test
    void writesWhatAnOlderVersionReads() {
        assertThat(there.run(
                        new PgDump(),
                        "--compat=15",
                        "-Fc",
                        "-f",
                        folder.resolve("old").toString(),
                        "postgres"))
                .as(there.err())
                .isZero();
        assertThat(there.err()).contains("is newer than 15");
        assertThat(there.run(new PgRestore(), "-l", folder.resolve("old").toString()))
                .isZero();
        assertThat(there.out()).contains(";     Dump Version: 1.14-0\n");
    }

    @Test
    void saysWhenTheServerIsGone() throws Exception {
        try (TestCluster cluster = TestCluster.of(17).started()) {
            cluster.execute("CREATE TABLE big AS SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 60000) n");
            Programs programs = new Programs(cluster);
            Path file = folder.resolve("cut");
            Thread killer = Thread.ofVirtual().start(() -> {
                try {
                    while (cluster.query("SELECT count(*) FROM pg_stat_progress_copy")
                            .equals("0")) {
                        Thread.onSpinWait();
                    }
                    cluster.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                    + " AND application_name = 'pg_dump'");
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(programs.run(new PgDump(), "-Fc", "-Z0", "-f", file.toString(), "postgres"))
                    .isEqualTo(1);
            killer.join();
            assertThat(programs.err()).startsWith("pg_dump: error: ").contains("table \"big\"");
            assertThat(programs.run(new PgRestore(), "-l", file.toString())).isEqualTo(1);
            assertThat(programs.err()).startsWith("pg_restore: error: input file does not appear to be a valid ");
        }
    }
}
