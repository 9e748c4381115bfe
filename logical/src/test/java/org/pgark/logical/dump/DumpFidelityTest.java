package org.pgark.logical.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.PatternUse;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.TestCluster;

class DumpFidelityTest {
    private static final String HOSTILE = "na\"'; \\! touch /tmp/x\n\\! touch /tmp/x\n\\unrestrict key\n--\r$$";

    private static TestCluster cluster;
    private static Dumps dumps;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(18).started();
        dumps = new Dumps(cluster);
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Dumps a database, brings it into another one as a script and as an archive, and compares dumps of both. */
    private void assertRoundTrip(String database, DumpOptions options) throws Exception {
        byte[] script = dumps.bytes(database, options);
        for (String other : List.of(database + "_script", database + "_archive")) {
            dumps.run(
                    "postgres",
                    "CREATE DATABASE " + other + " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '"
                            + dumps.value(database, "SHOW server_encoding") + "'");
        }
        dumps.runScript(script, database + "_script");
        dumps.custom(database, options, folder.resolve(database));
        assertThat(dumps.restore(folder.resolve(database), database + "_archive", 1))
                .isZero();
        assertThat(dumps.bytes(database + "_script", options)).isEqualTo(script);
        assertThat(dumps.bytes(database + "_archive", options)).isEqualTo(script);
    }

    @Test
    void bringsObjectsInAnOrderInWhichTheyCanBeMade() throws Exception {
        dumps.create("loops");
        dumps.run(
                "loops",
                "CREATE TABLE z_parent (id int PRIMARY KEY, name text, gone int, total int)",
                "CREATE FUNCTION a_needs_row(z_parent) RETURNS text LANGUAGE sql AS 'SELECT ($1).name'",
                "CREATE VIEW a_grouped AS SELECT id, name, count(*) AS n FROM z_parent GROUP BY id",
                "CREATE MATERIALIZED VIEW a_stored AS SELECT id, name, sum(total) FROM z_parent GROUP BY id",
                "CREATE MATERIALIZED VIEW a_after AS SELECT * FROM a_stored",
                "CREATE VIEW first AS SELECT 1 AS a",
                "CREATE VIEW second AS SELECT a FROM first",
                "CREATE OR REPLACE VIEW first AS SELECT a FROM (SELECT 1 AS a WHERE false) s",
                "CREATE FUNCTION counted() RETURNS int STABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
                "CREATE TABLE checked (a int DEFAULT counted() CHECK (a > counted() - 1))",
                "CREATE FUNCTION looks(checked) RETURNS bool IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END'",
                "ALTER TABLE checked ADD CONSTRAINT looked CHECK (looks(checked.*))",
                "CREATE DOMAIN small AS int CHECK (VALUE < 10)",
                "CREATE FUNCTION is_even(small) RETURNS bool IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1 % 2 = 0;"
                        + " END'",
                "ALTER DOMAIN small ADD CONSTRAINT even CHECK (is_even(VALUE))",
                "CREATE TABLE left_side (id int PRIMARY KEY, other int)",
                "CREATE TABLE right_side (id int PRIMARY KEY, other int REFERENCES left_side)",
                "INSERT INTO left_side VALUES (1, 1)",
                "INSERT INTO right_side VALUES (1, 1)",
                "ALTER TABLE left_side ADD FOREIGN KEY (other) REFERENCES right_side",
                "CREATE TABLE parts (k int, v text) PARTITION BY RANGE (k)",
                "CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10) PARTITION BY LIST (k)",
                "CREATE TABLE parts_one PARTITION OF parts_low FOR VALUES IN (1)",
                "CREATE INDEX ON parts (v)",
                "CREATE TABLE heir (extra int, CHECK (extra > 0)) INHERITS (z_parent)",
                "ALTER TABLE z_parent DROP COLUMN gone",
                "INSERT INTO z_parent VALUES (1, 'one')",
                "INSERT INTO parts VALUES (1, 'one')",
                "REFRESH MATERIALIZED VIEW a_after");
        assertRoundTrip("loops", DumpOptions.builder().build());
    }

    @Test
    void warnsOfRowsThatReferToEachOther() throws Exception {
        dumps.create("circle");
        dumps.run(
                "circle",
                "CREATE TABLE egg (id int PRIMARY KEY, hen int)",
                "CREATE TABLE hen (id int PRIMARY KEY, egg int REFERENCES egg)",
                "ALTER TABLE egg ADD FOREIGN KEY (hen) REFERENCES hen");
        Dumps own = new Dumps(cluster);
        own.script("circle", DumpOptions.builder().contents(false, true, false).build());
        assertThat(own.lines())
                .contains("there are circular foreign-key constraints among these tables:", "egg", "hen");
    }

    @Test
    void keepsHostileNamesInTheirPlace() throws Exception {
        dumps.create("hostile");
        String name = quoted(HOSTILE);
        String text = "'" + HOSTILE.replace("'", "''") + "'";
        dumps.run("hostile", "CREATE SCHEMA " + name);
        String table = name + "." + name;
        dumps.run(
                "hostile",
                "CREATE TABLE " + table + " (" + name + " text DEFAULT " + text + ", CONSTRAINT "
                        + quoted(HOSTILE + "c") + " CHECK (" + name + " <> 'x'))",
                "CREATE INDEX " + quoted(HOSTILE + "i") + " ON " + table + " (" + name + ")",
                "COMMENT ON TABLE " + table + " IS " + text,
                "COMMENT ON COLUMN " + table + "." + name + " IS " + text,
                "CREATE VIEW " + quoted(HOSTILE + "v") + " AS SELECT * FROM " + table,
                "CREATE FUNCTION " + table + "(" + name + " text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
                "CREATE TYPE " + quoted(HOSTILE + "e") + " AS ENUM ('a\n\\! touch')",
                "CREATE SEQUENCE " + quoted(HOSTILE + "s"),
                "INSERT INTO " + table + " VALUES (" + text + "), (E'\\\\.'), (E'a\\n\\\\.\\n')");
        for (DumpOptions options : List.of(
                DumpOptions.builder().build(),
                DumpOptions.builder().with(DumpSwitch.COLUMN_INSERTS).inserts().build())) {
            String script = dumps.script("hostile", options);
            assertThat(script.lines()
                            .filter(line -> line.startsWith("-- Name:") || line.startsWith("-- Data for Name:")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("; Type: "));
            assertThat(commands(script)).containsExactly("\\restrict key", "\\unrestrict key");
        }
        assertRoundTrip("hostile", DumpOptions.builder().build());
    }

    /** Lines on which psql would see a command: outside quotes, dollar quotes and data. */
    private static List<String> commands(String script) {
        List<String> found = new java.util.ArrayList<>();
        char inside = 0;
        for (String line : script.split("\n", -1)) {
            if (inside == 'c') {
                inside = line.equals("\\.") ? 0 : inside;
                continue;
            }
            if (inside == 0 && line.startsWith("\\")) {
                found.add(line);
                continue;
            }
            if (inside == 0 && line.startsWith("--")) {
                continue;
            }
            for (int i = 0; i < line.length(); i++) {
                char letter = line.charAt(i);
                if (inside == 0 && (letter == '\'' || letter == '"')) {
                    inside = letter;
                } else if (letter == inside) {
                    inside = 0;
                } else if (inside == 0 && letter == '\\') {
                    found.add(line);
                }
            }
            if (inside == 0 && line.endsWith(" FROM stdin;")) {
                inside = 'c';
            }
        }
        return found;
    }

    @Test
    void bringsHardValuesBackAsTheyWere() throws Exception {
        dumps.create("hard");
        dumps.run(
                "hard",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE TYPE nested AS (p pair, ps pair[], x xml)",
                """
                CREATE TABLE hard (
                  id int, r real, d double precision, n numeric, dt date, ts timestamp, tz timestamptz, iv interval, b bytea,
                  arr int[], txt text[], ne nested, mr int4multirange, tr tsrange, mo money, x xml, bi bit(5), vb bit varying,
                  j json, jb jsonb, i inet, c "char", t text, u uuid, p point, tq tsquery)\
                """,
                """
                INSERT INTO hard VALUES
                (1, 'NaN', 'Infinity', 'NaN', '4713-01-01 BC', '-infinity', 'infinity', '-178000000 years',
                 (SELECT string_agg(set_byte('\\x00', 0, n), '' ORDER BY n) FROM generate_series(0, 255) n),
                 '[-2:0]={1,NULL,3}', ARRAY['', 'NULL', NULL, '"', '\\', ',', '{}'],
                 ROW(ROW(1, 'a"b\\c,(d)'), ARRAY[ROW(2, NULL)::pair, ROW(NULL, '')::pair], '<a>&amp;</a>')::nested,
                 '{[1,3),[5,)}', '(,2020-01-01 00:00:00]', '-12345678.90', '<?xml version="1.0"?><r/>', '10101', '',
                 '{"a" :  1, "a":2}', '{"z": [1e400]}', '::ffff:1.2.3.4/128', E'\\\\377', E'tab\\t back\\\\ nl\\n cr\\r \\b\\f\\v',
                 '00000000-0000-0000-0000-000000000000', '(1e-300,-0)', '''a b'' & !c:*'),
                (2, '-1e-30', '4.9406564584124654e-324', '1e-16383', '5874897-12-31', '294276-12-31 23:59:59.999999',
                 '0001-01-01 00:00:00+00 BC', '1 mon -1 day 00:00:00.000001', '', '{}', '{{a,b},{c,d}}', NULL, '{}', 'empty',
                 '92233720368547758.07', NULL, '00000', '1', 'null', 'null', '0.0.0.0/0', '', '', NULL, NULL, ''),
                (3, '1e-45', '0.1', 'Infinity', 'infinity', NULL, NULL, 'infinity', '\\x5c2e0a', NULL, '{}', ROW(NULL, NULL, NULL),
                 NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, '\\N', NULL, NULL, NULL)\
                """,
                "CREATE TABLE wide AS SELECT 1 AS a",
                "CREATE TABLE nothing ()",
                "INSERT INTO nothing DEFAULT VALUES",
                "ALTER TABLE wide ADD COLUMN gone int, ADD COLUMN made int GENERATED ALWAYS AS (a * 2) STORED,"
                        + " ADD COLUMN own int GENERATED ALWAYS AS IDENTITY",
                "ALTER TABLE wide DROP COLUMN gone");
        assertRoundTrip("hard", DumpOptions.builder().build());
        DumpOptions inserts = DumpOptions.builder().rowsPerInsert(2).build();
        dumps.create("hard_inserts");
        dumps.runScript(dumps.bytes("hard", inserts), "hard_inserts");
        assertThat(dumps.script("hard_inserts")).isEqualTo(dumps.script("hard"));
    }

    @Test
    void keepsTheBytesOfOtherEncodings() throws Exception {
        dumps.run("postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        dumps.run(
                "latin",
                "SET client_encoding = 'UTF8'; CREATE TABLE \"Stra\u00dfe\" (\"gr\u00fc\u00df\" text);"
                        + " INSERT INTO \"Stra\u00dfe\" VALUES ('\u00e9\u00ff')");
        assertThat(new String(dumps.bytes("latin", DumpOptions.builder().build()), StandardCharsets.ISO_8859_1))
                .contains("SET client_encoding = 'LATIN1';", "CREATE TABLE public.\"Stra\u00dfe\"", "\n\u00e9\u00ff\n");
        assertRoundTrip("latin", DumpOptions.builder().build());
        dumps.run(
                "postgres",
                "CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
        dumps.run(
                "bytes",
                "CREATE TABLE any_bytes (a text)",
                "INSERT INTO any_bytes VALUES (E'\\xff\\xfe'), (E'\\xc3\\xa9'), (E'\\x80')",
                "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE any_bytes IS ' || quote_literal(E'\\xe9'); END $$");
        assertRoundTrip("bytes", DumpOptions.builder().build());
    }

    @Test
    void seesOneMomentHoweverManyConnectionsRead() throws Exception {
        dumps.create("bank");
        dumps.run(
                "bank",
                "CREATE TABLE account_a AS SELECT n AS id, 100 AS balance FROM generate_series(1, 300) n",
                "CREATE TABLE account_b AS TABLE account_a",
                "CREATE TABLE account_c AS TABLE account_a");
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> transfers = CompletableFuture.supplyAsync(() -> {
            int done = 0;
            try (WireConnection connection = dumps.open("bank")) {
                for (; !over.get(); done++) {
                    String from = "abc".substring(done % 3, done % 3 + 1);
                    String to = "abc".substring((done + 1) % 3, (done + 1) % 3 + 1);
                    connection.query("BEGIN; UPDATE account_" + from + " SET balance = balance - 7 WHERE id = "
                            + (done % 300 + 1) + "; UPDATE account_" + to + " SET balance = balance + 7 WHERE id = "
                            + (done % 300 + 1) + "; COMMIT");
                }
                return done;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        for (int round = 0; round < 3; round++) {
            String copy = "bank_" + round;
            dumps.directory("bank", DumpOptions.builder().jobs(4).build(), folder.resolve(copy));
            dumps.create(copy);
            assertThat(dumps.restore(folder.resolve(copy), copy, 2)).isZero();
            assertThat(dumps.value(
                            copy,
                            "SELECT sum(balance) FROM (TABLE account_a UNION ALL TABLE account_b UNION ALL"
                                    + " TABLE account_c) s"))
                    .isEqualTo("90000");
        }
        over.set(true);
        assertThat(transfers.get()).isPositive();
    }

    @Test
    void readsInTheSnapshotOfAnother() throws Exception {
        dumps.create("past");
        dumps.run("past", "CREATE TABLE t AS SELECT 'before' AS a");
        try (WireConnection holder = dumps.open("past")) {
            holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
            String snapshot =
                    holder.queryRows("SELECT pg_export_snapshot()").getFirst().string(0);
            dumps.run("past", "UPDATE t SET a = 'after'");
            assertThat(dumps.script(
                            "past", DumpOptions.builder().snapshot(snapshot).build()))
                    .contains("\nbefore\n")
                    .doesNotContain("\nafter\n");
        }
    }

    @Test
    void givesUpWhereATableCannotBeLocked() throws Exception {
        dumps.create("busy");
        dumps.run("busy", "CREATE TABLE t (a int)");
        try (WireConnection holder = dumps.open("busy")) {
            holder.execute("BEGIN");
            holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            DumpOptions options = DumpOptions.builder().lockWaitTimeout("100").build();
            assertThatThrownBy(() -> dumps.script("busy", options))
                    .isInstanceOf(DumpException.class)
                    .hasMessage("query failed: ERROR:  canceling statement due to statement timeout");
        }
    }

    @Test
    void dumpsATableForWhichSomebodyWaits() throws Exception {
        dumps.create("queue");
        dumps.create("queue_copy");
        dumps.run(
                "queue",
                "CREATE TABLE t AS SELECT 1 AS a",
                "CREATE TABLE large AS SELECT n FROM generate_series(1, 10000) n",
                "CREATE TABLE small AS SELECT 3 AS a");
        Path archive = folder.resolve("queue");
        CompletableFuture<Void> alteration;
        try (WireConnection connection = dumps.open("queue")) {
            DumpOptions options = DumpOptions.builder().jobs(2).build();
            Dumps.Reading reading = dumps.read(connection, options);
            alteration = CompletableFuture.runAsync(() -> {
                try {
                    dumps.run("queue", "ALTER TABLE t ADD COLUMN b int");
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            while (dumps.value("postgres", "SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .equals("0")) {
                Thread.onSpinWait();
            }
            reading.writeDirectory(archive);
            assertThat(alteration.isDone()).isFalse();
        }
        alteration.get();
        assertThat(dumps.restore(archive, "queue_copy", 1)).isZero();
        assertThat(dumps.value(
                        "queue_copy", "SELECT sum(a) FROM (TABLE t UNION ALL TABLE small UNION ALL TABLE large) AS x"))
                .isEqualTo("50005004");
    }

    @Test
    void refusesPatternsThatFindNothing() {
        DumpOptions options = DumpOptions.builder()
                .pattern(PatternUse.INCLUDE_TABLE, "no.\"Such\"*")
                .build();
        assertThatThrownBy(() -> dumps.script("postgres", options)).hasMessage("no matching tables were found");
    }
}
