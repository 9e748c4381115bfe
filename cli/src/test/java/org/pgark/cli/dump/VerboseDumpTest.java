package org.pgark.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.restore.PgRestore;
import org.pgark.testkit.TestCluster;

/** What a verbose dump and a verbose restore say is what PostgreSQL's programs say. */
class VerboseDumpTest {
    private static final String READING = """
            pg_dump: executing SELECT pg_catalog.set_config('search_path', '', false);
            pg_dump: last built-in OID is 16383
            pg_dump: reading extensions
            pg_dump: identifying extension members
            pg_dump: reading schemas
            pg_dump: reading user-defined tables
            pg_dump: reading user-defined functions
            pg_dump: reading user-defined types
            pg_dump: reading procedural languages
            pg_dump: reading user-defined aggregate functions
            pg_dump: reading user-defined operators
            pg_dump: reading user-defined access methods
            pg_dump: reading user-defined operator classes
            pg_dump: reading user-defined operator families
            pg_dump: reading user-defined text search parsers
            pg_dump: reading user-defined text search templates
            pg_dump: reading user-defined text search dictionaries
            pg_dump: reading user-defined text search configurations
            pg_dump: reading user-defined foreign-data wrappers
            pg_dump: reading user-defined foreign servers
            pg_dump: reading default privileges
            pg_dump: reading user-defined collations
            pg_dump: reading user-defined conversions
            pg_dump: reading type casts
            pg_dump: reading transforms
            pg_dump: reading table inheritance information
            pg_dump: reading event triggers
            pg_dump: finding extension tables
            pg_dump: finding inheritance relationships
            pg_dump: reading column info for interesting tables
            pg_dump: flagging inherited columns in subtables
            pg_dump: reading partitioning data
            pg_dump: reading indexes
            pg_dump: flagging indexes in partitioned tables
            pg_dump: reading extended statistics
            pg_dump: reading constraints
            pg_dump: reading triggers
            pg_dump: reading rewrite rules
            pg_dump: reading policies
            pg_dump: reading row-level security policies
            pg_dump: reading publications
            pg_dump: reading publication membership of tables
            pg_dump: reading publication membership of schemas
            pg_dump: reading subscriptions
            pg_dump: reading subscription membership of tables
            pg_dump: reading large objects
            pg_dump: reading dependency data
            pg_dump: saving encoding = UTF8
            pg_dump: saving "standard_conforming_strings = on"
            pg_dump: saving "search_path = "
            """;

    @TempDir
    private Path folder;

    @Test
    void saysWhatPostgresqlsProgramsSay() throws Exception {
        try (TestCluster cluster = TestCluster.of(18).started()) {
            cluster.execute("CREATE DATABASE source TEMPLATE template0");
            cluster.execute("CREATE DATABASE target TEMPLATE template0");
            try (Connection connection = cluster.cluster().connect("source");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t AS SELECT 1 AS a; SELECT lo_from_bytea(4711, 'x')");
            }
            Programs programs = new Programs(cluster);
            assertThat(programs.run(new PgDump(), "-v", "source")).isZero();
            assertThat(programs.err()).isEqualTo(READING + """
                    pg_dump: creating TABLE "public.t"
                    pg_dump: processing data for table "public.t"
                    pg_dump: dumping contents of table "public.t"
                    pg_dump: executing BLOB METADATA 4711
                    pg_dump: processing BLOBS
                    pg_dump: saving large objects "4711"
                    """);
            assertThat(programs.run(new PgDump(), "-v", "-s", "source")).isZero();
            assertThat(programs.err())
                    .isEqualTo(READING.replace("pg_dump: reading large objects\n", "")
                            + "pg_dump: creating TABLE \"public.t\"\n");
            String archive = folder.resolve("archive").toString();
            assertThat(programs.run(new PgDump(), "-Fc", "-f", archive, "source"))
                    .isZero();
            assertThat(programs.run(new PgRestore(), "-v", "-d", "target", archive))
                    .isZero();
            assertThat(programs.err().lines().limit(2))
                    .containsExactly(
                            "pg_restore: connecting to database for restore",
                            "pg_restore: executing SELECT pg_catalog.set_config('search_path', '', false);");
            assertThat(programs.err()).endsWith("""
                    pg_restore: restoring large object with OID 4711
                    pg_restore: restored 1 large object
                    """);
        }
    }
}
