package org.pgark.logical.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.TestCluster;

class ScriptRestoreTest {
    private static TestCluster cluster;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(17).started();
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static WireConnection open(Optional<String> database) throws IOException {
        return WireConnection.open(ConnectionSettings.resolve(
                        "user=postgres host=" + cluster.socketDirectory() + " port=" + cluster.port(),
                        ConnectionEnvironment.of(Map.of(), cluster.home().resolve("no home"), "postgres"))
                .withDatabase(database.orElse("postgres")));
    }

    private static final class Errors implements ArchiveMessages {
        private final List<String> texts = new ArrayList<>();

        @Override
        public void warning(String text) {
            texts.add(text);
        }

        @Override
        public void info(String text) {
            texts.add(text);
        }
    }

    private static List<String> run(String script, boolean endsWithFirstError, boolean inOneTransaction)
            throws IOException {
        Errors errors = new Errors();
        try (ScriptRestore restore = new ScriptRestore(ScriptRestoreTest::open, errors, endsWithFirstError)) {
            int count =
                    restore.run(new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)), inOneTransaction);
            assertThat(count).isEqualTo(errors.texts.size());
        }
        return errors.texts;
    }

    @Test
    void cutsAScriptWherePsqlDoes() throws Exception {
        List<String> errors = run("""
            \\restrict abc
            create table t (a text, b int);
            create function f() returns int language sql
            begin atomic select 1; select case when true then 2 end; end;
            insert into t values (E'it\\'s; \\\\ ', 1), ('plain \\ ; "', 2), ($x$ ; $y$ \\. $x$, 3);
            copy t from stdin;
            x;y	4
            \\\\.	5
            é	6
            \\.
            /* one ; /* two ; */ */ select a "b;c" from t; -- ; three
            create rule r as on insert to t do also (delete from t where b = 98; delete from t where b = 99);
            insert into t values ('last', 7);
            \\unrestrict abc
            """, true, false);
        assertThat(errors).isEmpty();
        assertThat(cluster.queryAll("select a || '|' || b from t order by b"))
                .containsExactly("it's; \\ |1", "plain \\ ; \"|2", " ; $y$ \\. |3", "x;y|4", "\\.|5", "é|6", "last|7");
        assertThat(cluster.query("select f()")).isEqualTo("2");
    }

    @Test
    void goesOnBehindTheDataOfACopyThatFails() throws Exception {
        List<String> errors = run("""
            create table u (a int);
            copy nonesuch from stdin;
            select broken;
            \\.
            copy u from stdin;
            no number
            select broken;
            \\.
            insert into u values (1);
            """, false, false);
        assertThat(errors).hasSize(2);
        assertThat(errors.getFirst()).isEqualTo("""
            could not execute query: ERROR:  relation "nonesuch" does not exist
            Command was: copy nonesuch from stdin;\
            """);
        assertThat(cluster.query("select count(*) from u")).isEqualTo("1");
    }

    @Test
    void goesToTheDatabaseThatTheScriptMakes() throws Exception {
        List<String> errors = run(
                "create database \"odd \"\"name\"\"\";\n"
                        + "\\connect -reuse-previous=on \"dbname='odd \"\"name\"\"'\"\n"
                        + "create table here (a int);\n",
                true,
                false);
        assertThat(errors).isEmpty();
        try (WireConnection connection = open(Optional.of("odd \"name\""))) {
            assertThat(connection
                            .queryRows("select count(*) from here")
                            .getFirst()
                            .string(0))
                    .isEqualTo("0");
        }
    }

    @Test
    void doesAllOrNothingInOneTransaction() throws Exception {
        assertThatThrownBy(() -> run("create table v (a int); insert into v values ('x');", true, true))
                .hasMessageStartingWith("""
                    could not execute query: ERROR:  invalid input syntax for type integer: "x"
                    LINE 1: insert into v values ('x');
                                                  ^
                    Command was: insert into v values ('x');\
                    """);
        assertThat(cluster.query("select count(*) from pg_class where relname = 'v'"))
                .isEqualTo("0");
    }

    @Test
    void pointsAtTheStatementOfAFunctionThatFailed() {
        assertThatThrownBy(() -> run("do $$ begin perform 1 / nothing; end $$;", true, true))
                .hasMessageStartingWith("""
                    could not execute query: ERROR:  column "nothing" does not exist
                    LINE 1: SELECT 1 / nothing
                                       ^
                    QUERY:  SELECT 1 / nothing
                    CONTEXT:  PL/pgSQL function inline_code_block line 1 at PERFORM
                    Command was: do $$\
                    """);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\\! touch /tmp/owned | line 2 of the script: \\! is no command that a dump needs",
                "\\restrict k#\\! touch /tmp/owned | line 3 of the script: \\!: backslash commands are restricted; only"
                        + " \\unrestrict is allowed",
                "\\r"
                        + "estrict k#\\connect other | line 3 of the script: \\connect: backslash commands are restricted;"
                        + " only \\unrestrict is allowed",
                "\\restrict k#\\unrestrict j | \\unrestrict: wrong key",
                "select 'open | the script ends inside a quoted text",
                "select $a$ open $b$ | the script ends inside a text quoted by $a$",
                "create table w (a int);#copy w from stdin;#1 | the script ends inside the data of a COPY"
            })
    void refusesWhatNoDumpHas(String script, String message) {
        assertThatThrownBy(() -> run(script.replace('#', '\n') + "\n", true, false))
                .hasMessage(message);
    }
}
