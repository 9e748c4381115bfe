package org.pgark.logical.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.testkit.TestCluster;

/** What few databases have, or have at the limits of the server. */
class UncommonObjectsTest {
    private static final int MOST_COLUMNS = 1600;

    private static TestCluster cluster;
    private static Dumps dumps;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(18).started();
        dumps = new Dumps(cluster);
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static String assertScriptBringsItBack(String database) throws Exception {
        String script = dumps.script(database);
        String copy = database + "_copy";
        dumps.create(copy);
        dumps.runScript(dumps.bytes(database, DumpOptions.builder().build()), copy);
        assertThat(dumps.script(copy)).isEqualTo(script);
        return script;
    }

    @Test
    void aTableWithAsManyColumnsAsThereCanBe() throws Exception {
        dumps.create("broad");
        String columns = IntStream.rangeClosed(1, MOST_COLUMNS)
                .mapToObj(number -> "\"column " + number + "\" int" + (number % 3 == 0 ? " NOT NULL DEFAULT 7" : ""))
                .collect(Collectors.joining(", "));
        dumps.run("broad", "CREATE TABLE broad (" + columns + ")", "INSERT INTO broad (\"column 1\") VALUES (1)");
        String drops = IntStream.rangeClosed(1, MOST_COLUMNS)
                .filter(number -> number % 2 == 0)
                .mapToObj(number -> "DROP COLUMN \"column " + number + "\"")
                .collect(Collectors.joining(", "));
        dumps.run(
                "broad",
                "CREATE TABLE holes (LIKE broad INCLUDING ALL)",
                "INSERT INTO holes TABLE broad",
                "ALTER TABLE holes " + drops,
                "CREATE TABLE only_holes (a int)",
                "INSERT INTO only_holes VALUES (1), (2)",
                "ALTER TABLE only_holes DROP COLUMN a");
        assertScriptBringsItBack("broad");
        assertThat(dumps.value("broad_copy", "SELECT \"column 1599\" FROM holes"))
                .isEqualTo("7");
        assertThat(dumps.value("broad_copy", "SELECT count(*) FROM only_holes")).isEqualTo("2");
    }

    @Test
    void rowsThatCannotBeReadAsInsertsAreToldWithTheQuery() throws Exception {
        dumps.create("unreadable");
        dumps.run(
                "unreadable",
                "CREATE FUNCTION inner_one(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'",
                "CREATE FUNCTION outer_one(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT public.inner_one($1)'",
                "CREATE TABLE t (a int)",
                "CREATE INDEX ON t (outer_one(a))",
                "DROP FUNCTION inner_one(int)");
        assertThatThrownBy(() -> dumps.script(
                        "unreadable", DumpOptions.builder().rowsPerInsert(1).build()))
                .isInstanceOfSatisfying(
                        DumpException.class,
                        e -> assertThat(e.details())
                                .containsExactly(
                                        "Query was: DECLARE _pg_dump_cursor CURSOR FOR SELECT a FROM ONLY public.t"))
                .hasMessageStartingWith("query failed: ERROR:  function public.inner_one(integer) does not exist");
    }

    @Test
    void rowsThatTheServerCannotConvertAreToldWithTheirTable() throws Exception {
        dumps.create("unconvertible");
        dumps.run("unconvertible", "CREATE TABLE t AS SELECT '\u20ac' AS a");
        assertThatThrownBy(() -> dumps.script(
                        "unconvertible",
                        DumpOptions.builder().encoding("LATIN1").build()))
                .isInstanceOfSatisfying(
                        DumpException.class,
                        e -> assertThat(e.details())
                                .containsExactly(
                                        "Error message from server: ERROR:  character with byte sequence 0xe2 0x82 0xac in"
                                                + " encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"",
                                        "Command was: COPY public.t (a) TO stdout;"))
                .hasMessage("Dumping the contents of table \"t\" failed: PQgetResult() failed.");
        assertThatThrownBy(() -> dumps.script(
                        "unconvertible",
                        DumpOptions.builder()
                                .encoding("LATIN1")
                                .rowsPerInsert(1)
                                .build()))
                .isInstanceOfSatisfying(
                        DumpException.class,
                        e -> assertThat(e.details()).containsExactly("Query was: FETCH 100 FROM _pg_dump_cursor"))
                .hasMessageStartingWith("query failed: ERROR:  character with byte sequence 0xe2 0x82 0xac");
    }

    @Test
    void whatTheRoleMayNotDoIsToldWithTheQueryOrTheObject() throws Exception {
        assertThatThrownBy(() -> dumps.script(
                        "postgres", DumpOptions.builder().role("nobody").build()))
                .isInstanceOfSatisfying(
                        DumpException.class, e -> assertThat(e.details()).containsExactly("Query was: SET ROLE nobody"))
                .hasMessage("query failed: ERROR:  role \"nobody\" does not exist");
        dumps.create("objects");
        dumps.run("objects", "CREATE ROLE somebody", "SELECT lo_create(4711), lo_create(4712)");
        assertThatThrownBy(() -> dumps.script(
                        "objects", DumpOptions.builder().role("somebody").build()))
                .isInstanceOf(DumpException.class)
                .hasMessage("could not open large object 4711: ERROR:  permission denied for large object 4711");
    }

    /** Upstream changed in 16 where the lines are broken. */
    @Test
    void whatDependsOnAnExtensionSaysSo() throws Exception {
        dumps.create("dependent");
        dumps.run(
                "dependent",
                "CREATE EXTENSION citext",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "ALTER FUNCTION f() DEPENDS ON EXTENSION citext");
        assertThat(dumps.script("dependent"))
                .contains("$$SELECT 1$$;\n\nALTER FUNCTION public.f() DEPENDS ON EXTENSION citext;\n\nALTER FUNCTION");
        assertThat(dumps.script("dependent", DumpOptions.builder().emulated(15).build()))
                .contains("$$SELECT 1$$;\nALTER FUNCTION public.f() DEPENDS ON EXTENSION citext;\n\n\nALTER FUNCTION");
    }

    @Test
    void subscriptionsAreMadeWithoutConnecting() throws Exception {
        dumps.create("subscriber");
        dumps.run(
                "subscriber",
                "CREATE SUBSCRIPTION \"s ub\" CONNECTION 'host=nowhere password=it''s' PUBLICATION one, \"t wo\""
                        + " WITH (connect = false, slot_name = 'slot', binary, streaming = parallel, two_phase,"
                        + " disable_on_error, password_required = false, run_as_owner, origin = none, failover)",
                "COMMENT ON SUBSCRIPTION \"s ub\" IS 'it''s'",
                "CREATE SUBSCRIPTION plain CONNECTION '' PUBLICATION one WITH (connect = false, slot_name = NONE)");
        assertThat(assertScriptBringsItBack("subscriber"))
                .contains(
                        "CREATE SUBSCRIPTION \"s ub\" CONNECTION 'host=nowhere password=it''s' PUBLICATION one, \"t"
                                + " wo\" WITH (connect = false, slot_name = 'slot', binary = true, streaming = parallel,"
                                + " two_phase = on, disable_on_error = true, password_required = false, run_as_owner ="
                                + " true, failover = true, origin = none);\n",
                        "COMMENT ON SUBSCRIPTION \"s ub\" IS 'it''s';\n",
                        "CREATE SUBSCRIPTION plain CONNECTION '' PUBLICATION one WITH"
                                + " (connect = false, slot_name = NONE, streaming = parallel);\n");
        assertThat(dumps.script(
                        "subscriber",
                        DumpOptions.builder().with(DumpSwitch.NO_SUBSCRIPTIONS).build()))
                .doesNotContain("SUBSCRIPTION");
        for (String database : List.of("subscriber", "subscriber_copy")) {
            dumps.run(
                    database,
                    "ALTER SUBSCRIPTION \"s ub\" SET (slot_name = NONE)",
                    "DROP SUBSCRIPTION \"s ub\"",
                    "DROP SUBSCRIPTION plain");
        }
    }

    /** The embedded servers have no provider of labels; what one would have left in the catalogue is put there. */
    @Test
    void securityLabelsNameTheirProvider() throws Exception {
        dumps.create("labelled");
        dumps.run(
                "labelled",
                "CREATE SCHEMA s",
                "CREATE TABLE s.t (a int, \"b c\" int)",
                "CREATE VIEW s.v AS SELECT 1 AS a",
                "CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE DOMAIN s.d AS int",
                "CREATE TYPE s.e AS ENUM ('a')",
                "SELECT lo_create(4711)",
                "CREATE PUBLICATION p",
                """
                INSERT INTO pg_seclabel (objoid, classoid, objsubid, provider, label)
                SELECT objoid, classoid::regclass, part, 'the provider', 'it''s ' || part
                FROM (VALUES ('s.t'::regclass::oid, 'pg_class', 0), ('s.t'::regclass, 'pg_class', 2),
                  ('s.v'::regclass, 'pg_class', 0), ('s.f(int)'::regprocedure, 'pg_proc', 0),
                  ('s.d'::regtype, 'pg_type', 0), ('s.e'::regtype, 'pg_type', 0),
                  ('s'::regnamespace, 'pg_namespace', 0), (4711, 'pg_largeobject', 0),
                  ((SELECT oid FROM pg_publication), 'pg_publication', 0)) AS v (objoid, classoid, part)\
                """);
        String script = dumps.script("labelled");
        for (String object : List.of(
                "TABLE s.t",
                "VIEW s.v",
                "FUNCTION s.f(integer)",
                "DOMAIN s.d",
                "TYPE s.e",
                "SCHEMA s",
                "LARGE OBJECT 4711",
                "PUBLICATION p")) {
            assertThat(script).contains("SECURITY LABEL FOR \"the provider\" ON " + object + " IS 'it''s 0';\n");
        }
        assertThat(script).contains("SECURITY LABEL FOR \"the provider\" ON COLUMN s.t.\"b c\" IS 'it''s 2';\n");
        assertThat(dumps.script(
                        "labelled",
                        DumpOptions.builder()
                                .with(DumpSwitch.NO_SECURITY_LABELS)
                                .build()))
                .doesNotContain("LABEL");
    }

    @Test
    void collationsOfTheirOwnKeepWhatTheyAre() throws Exception {
        dumps.create("collations");
        dumps.run(
                "collations",
                "CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk')",
                "CREATE COLLATION \"loose one\" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE COLLATION ruled (provider = icu, locale = 'en', rules = '&a < ''g''')",
                "CREATE COLLATION fast (provider = builtin, locale = 'C.UTF-8')",
                "CREATE TABLE t (a text COLLATE german, b text COLLATE \"loose one\" UNIQUE, c text COLLATE \"C\")",
                "CREATE INDEX ON t (c COLLATE ruled)",
                "INSERT INTO t VALUES ('a', 'A', 'a')");
        assertThat(assertScriptBringsItBack("collations"))
                .contains(
                        "CREATE COLLATION public.german (provider = icu, locale = 'de-u-co-phonebk');\n",
                        "CREATE COLLATION public.\"loose one\" (provider = icu, deterministic = false, locale ="
                                + " 'und-u-ks-level2');\n",
                        "CREATE COLLATION public.ruled (provider = icu, locale = 'en', rules = '&a < ''g''');\n",
                        "CREATE COLLATION public.fast (provider = builtin, locale = 'C.UTF-8');\n",
                        "c text COLLATE pg_catalog.\"C\"");
    }

    @Test
    void foreignTablesComeWithTheirServersAndTheMappingsOfUsers() throws Exception {
        dumps.create("foreign_data");
        dumps.run(
                "foreign_data",
                "CREATE EXTENSION file_fdw",
                "CREATE SERVER \"s rv\" FOREIGN DATA WRAPPER file_fdw",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER \"s rv\"",
                "CREATE USER MAPPING FOR PUBLIC SERVER \"s rv\"",
                "CREATE TABLE plain (a text)",
                "CREATE FOREIGN TABLE far (a text OPTIONS (force_null 'true'), b int NOT NULL DEFAULT 1, CHECK (b > 0))"
                        + " SERVER \"s rv\" OPTIONS (filename '/nonexistent', null '\\N')",
                "CREATE FOREIGN TABLE heir () INHERITS (plain) SERVER \"s rv\" OPTIONS (program 'echo ''x''')");
        assertThat(assertScriptBringsItBack("foreign_data"))
                .contains("CREATE USER MAPPING FOR public SERVER \"s rv\";", "program 'echo ''x'''")
                .doesNotContain("COPY public.far");
    }

    @Test
    void olderVersionsAttachPartitionsWhereTheyMakeThemAndLeaveTheOwnerOfPublic() throws Exception {
        dumps.create("older");
        dumps.run(
                "older",
                "ALTER SCHEMA public OWNER TO postgres",
                "CREATE TABLE whole (k int) PARTITION BY LIST (k)",
                "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1)",
                "CREATE ACCESS METHOD later TYPE INDEX HANDLER bthandler",
                "CREATE OPERATOR public.@# (RIGHTARG = int, FUNCTION = int4abs)");
        String attach = "ALTER TABLE ONLY public.whole ATTACH PARTITION public.part FOR VALUES IN (1);\n";
        String thirteen =
                dumps.script("older", DumpOptions.builder().emulated(13).build());
        assertThat(thirteen)
                .contains("CREATE TABLE public.part (\n    k integer\n);\n" + attach)
                .doesNotContain("TABLE ATTACH", "ALTER SCHEMA public OWNER");
        assertThat(thirteen.indexOf("CREATE ACCESS METHOD")).isGreaterThan(thirteen.indexOf("CREATE OPERATOR"));
        String fifteen =
                dumps.script("older", DumpOptions.builder().emulated(15).build());
        assertThat(fifteen)
                .contains("Type: TABLE ATTACH;", "\n--\n\n" + attach, "ALTER SCHEMA public OWNER TO postgres;\n");
        assertThat(fifteen.indexOf("CREATE ACCESS METHOD")).isLessThan(fifteen.indexOf("CREATE OPERATOR"));
    }

    @Test
    void namesOfAllKindsAreFoundByTheirPatterns() throws Exception {
        dumps.create("names");
        List<String> names =
                List.of("per%cent", "dol$lar", "ünï 漢😀", "a*b", "a?b", "q\"uote", "new\nline", "Upper", "a.b");
        for (String name : names) {
            dumps.run("names", "CREATE TABLE \"" + name.replace("\"", "\"\"") + "\" AS SELECT 1 AS a");
        }
        assertScriptBringsItBack("names");
        for (String name : names) {
            DumpOptions only = DumpOptions.builder()
                    .pattern(org.pgark.logical.catalog.PatternUse.INCLUDE_TABLE, '"' + name.replace("\"", "\"\"") + '"')
                    .build();
            assertThat(dumps.script("names", only).lines().filter(line -> line.contains("; Type: TABLE;")))
                    .as(name)
                    .hasSize(1);
        }
    }
}
