package org.pgark.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.testkit.TestCluster;

class WireConnectionTest {
    private static final String ACCESS = """
        local all rejected reject
        local all all trust
        host all md5_user 127.0.0.1/32 md5
        host all scram_user 127.0.0.1/32 scram-sha-256
        host all clear_user 127.0.0.1/32 password
        host all all 127.0.0.1/32 trust
        local replication all trust
        """;

    private static TestCluster cluster;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(15).created();
        Files.writeString(cluster.dataDirectory().resolve("pg_hba.conf"), ACCESS);
        cluster.start();
        cluster.execute("set password_encryption = 'md5'; create role md5_user login password 'secret'");
        cluster.execute("set password_encryption = 'scram-sha-256'; create role scram_user login password 'sécret'");
        cluster.execute("create role clear_user login password 'secret'");
        cluster.execute("create table account (id int, owner text)");
        cluster.execute("insert into account select n, 'owner ' || n from generate_series(1, 10000) n");
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static ConnectionSettings settings(String text) throws IOException {
        return ConnectionSettings.resolve(
                "port=" + cluster.port() + " dbname=postgres " + text,
                ConnectionEnvironment.of(Map.of(), cluster.home().resolve("no home"), "postgres"));
    }

    private static WireConnection open() throws IOException {
        return WireConnection.open(settings("user=postgres host=" + cluster.socketDirectory()));
    }

    @ParameterizedTest
    @CsvSource({"md5_user, secret", "scram_user, sécret", "clear_user, secret"})
    void provesThePasswordInTheWayThatTheServerAsksFor(String user, String password) throws Exception {
        try (WireConnection connection =
                WireConnection.open(settings("host=127.0.0.1 user=" + user + " password=" + password))) {
            assertThat(connection.queryRows("select current_user").getFirst().string(0))
                    .isEqualTo(user);
        }
        ConnectFailedException refused = catchThrowableOfType(
                ConnectFailedException.class,
                () -> WireConnection.open(settings("host=127.0.0.1 user=" + user + " password=wrong")));
        assertThat(refused)
                .hasMessage("connection to server at \"127.0.0.1\", port " + cluster.port()
                        + " failed: FATAL:  password authentication failed for user \"" + user + "\"");
        assertThat(refused.sqlState()).isEqualTo("28P01");
    }

    @Test
    void saysThatAPasswordIsMissing() {
        ConnectFailedException refused = catchThrowableOfType(
                ConnectFailedException.class, () -> WireConnection.open(settings("host=127.0.0.1 user=scram_user")));
        assertThat(refused.isPasswordMissing()).isTrue();
        assertThat(refused).hasMessageEndingWith("failed: fe_sendauth: no password supplied");
    }

    @Test
    void refusesAWayOfAuthenticationThatWasNotAskedFor() {
        assertThatThrownBy(() -> WireConnection.open(
                        settings("host=127.0.0.1 user=clear_user password=secret require_auth=scram-sha-256")))
                .hasMessageEndingWith(
                        "authentication method requirement \"scram-sha-256\" failed: server requested a cleartext"
                                + " password");
    }

    @Test
    void saysWhereNoServerIs() {
        assertThatThrownBy(() -> WireConnection.open(settings("host=/nowhere")))
                .hasMessage("connection to server on socket \"/nowhere/.s.PGSQL." + cluster.port()
                        + "\" failed: No such file or directory\n"
                        + "\tIs the server running locally and accepting connections on that socket?");
        assertThatThrownBy(() -> WireConnection.open(settings("host=127.0.0.1 port=1")))
                .hasMessage("connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n"
                        + "\tIs the server running on that host and accepting TCP/IP connections?");
    }

    @Test
    void triesTheNextServerAndLooksForTheWantedKind() throws Exception {
        String ports = "port=1," + cluster.port();
        try (WireConnection connection = WireConnection.open(
                settings("user=postgres host=127.0.0.1,127.0.0.1 " + ports + " target_session_attrs=read-write"))) {
            assertThat(connection.server().port()).isEqualTo(cluster.port());
        }
        assertThatThrownBy(() ->
                        WireConnection.open(settings("user=postgres host=127.0.0.1 target_session_attrs=standby")))
                .hasMessageEndingWith("failed: server is not in hot standby mode");
    }

    @Test
    void givesTheResultOfEachStatement() throws Exception {
        try (WireConnection connection = open()) {
            List<QueryResult> results = connection.query(
                    "select 1 as one, null as nothing, 'text' as word; create temp table t (); select 4000000000::oid,"
                            + " true");
            assertThat(results).extracting(QueryResult::tag).containsExactly("SELECT 1", "CREATE TABLE", "SELECT 1");
            Row row = results.getFirst().onlyRow();
            assertThat(row.number("one")).isEqualTo(1);
            assertThat(row.text("nothing")).isEqualTo(Optional.empty());
            assertThat(row.string("nothing")).isEmpty();
            assertThat(row.text("word")).contains("text");
            assertThat(results.getLast().onlyRow().number(0)).isEqualTo(4_000_000_000L);
            assertThat(results.getLast().onlyRow().isTrue(1)).isTrue();
            assertThat(connection.serverVersion() / 10000).isEqualTo(15);
            assertThat(connection.parameter("client_encoding")).contains("UTF8");
        }
    }

    @Test
    void goesOnAfterAnError() throws Exception {
        try (WireConnection connection = open()) {
            ServerErrorException error = catchThrowableOfType(
                    ServerErrorException.class, () -> connection.query("select 1; select 1/0; select 2"));
            assertThat(error.sqlState()).isEqualTo("22012");
            assertThat(error).hasMessage("ERROR:  division by zero");
            assertThat(connection.queryRows("select 3").getFirst().number(0)).isEqualTo(3);
        }
    }

    @Test
    void hearsNotices() throws Exception {
        List<String> heard = new ArrayList<>();
        try (WireConnection connection = open()) {
            connection.onNotice(notice -> heard.add(notice.text()));
            connection.execute("do $$ begin raise notice 'by the way' using hint = 'go on'; end $$");
        }
        assertThat(heard).containsExactly("NOTICE:  by the way\nHINT:  go on");
    }

    @Test
    void readsTextInTheEncodingThatTheSessionAsksFor() throws Exception {
        try (WireConnection connection = open()) {
            connection.execute("set client_encoding = 'LATIN1'");
            Row row = connection.queryRows("select 'é' as letter").getFirst();
            assertThat(row.string(0)).isEqualTo("é");
            assertThat(row.bytes(0)).containsExactly(0xE9);
        }
    }

    @Test
    void streamsRowsAndCancelsTheRest() throws Exception {
        try (WireConnection connection = open()) {
            try (RowStream rows = connection.queryStream("select generate_series(1, 100000000)")) {
                assertThat(rows.next().orElseThrow().number(0)).isEqualTo(1);
                assertThat(rows.next().orElseThrow().number(0)).isEqualTo(2);
            }
            assertThat(connection.queryRows("select 3").getFirst().number(0)).isEqualTo(3);
        }
    }

    @Test
    void copiesOutAndIn() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (WireConnection connection = open()) {
            try (CopyOut copy = connection.copyOut("copy account to stdout")) {
                assertThat(copy.transferTo(bytes)).isEqualTo(bytes.size());
            }
            assertThat(bytes.toString(StandardCharsets.UTF_8)).startsWith("1\towner 1\n2\towner 2\n");
            connection.execute("create temp table copied (like account)");
            try (CopyIn copy = connection.copyIn("copy copied from stdin")) {
                copy.write(bytes.toByteArray());
                assertThat(copy.commit()).isEqualTo("COPY 10000");
            }
            assertThat(connection
                            .queryRows("select count(*), sum(id) from copied")
                            .getFirst()
                            .toString())
                    .isEqualTo("Row[10000, 50005000]");
        }
    }

    @Test
    void copiesOutRowsOfAllLengths() throws Exception {
        String rows = """
            (select n, repeat(chr(65 + n % 26), case when n % 400 = 0 then 300000 + n when n % 50 = 0 then n * 40 else n % 90 end)
             as text from generate_series(0, 4000) n)\
            """;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (WireConnection connection = open()) {
            try (CopyOut copy = connection.copyOut("copy " + rows + " to stdout")) {
                assertThat(copy.transferTo(bytes)).isEqualTo(bytes.size());
            }
            String sum = connection
                    .queryRows(
                            "select md5(string_agg(n || E'\\t' || text || E'\\n', '' order by n)) from " + rows + " r")
                    .getFirst()
                    .string(0);
            byte[] own = MessageDigest.getInstance("MD5").digest(bytes.toByteArray());
            assertThat(HexFormat.of().formatHex(own)).isEqualTo(sum);
        }
    }

    @Test
    void readsNumbersAndFirstBytes() throws Exception {
        try (WireConnection connection = open()) {
            Row row = connection
                    .queryRows("select 0, 4294967295::oid, -12, 9223372036854775807, '', null, 'text'")
                    .getFirst();
            assertThat(row.number(0)).isZero();
            assertThat(row.number(1)).isEqualTo(4294967295L);
            assertThat(row.number(2)).isEqualTo(-12);
            assertThat(row.number(3)).isEqualTo(Long.MAX_VALUE);
            assertThatThrownBy(() -> row.number(4)).isInstanceOf(NumberFormatException.class);
            assertThatThrownBy(() -> row.number(6)).isInstanceOf(NumberFormatException.class);
            assertThat(row.firstByte(4)).isZero();
            assertThat(row.firstByte(5)).isZero();
            assertThat(row.firstByte(6)).isEqualTo('t');
        }
    }

    @Test
    void givesCopyDataMessageByMessage() throws Exception {
        try (WireConnection connection = open();
                CopyOut copy = connection.copyOut("copy (select n from generate_series(8, 12) n) to stdout")) {
            StringBuilder lines = new StringBuilder();
            while (copy.next()) {
                lines.append(new String(copy.buffer(), copy.offset(), copy.length(), StandardCharsets.UTF_8));
            }
            assertThat(lines).hasToString("8\n9\n10\n11\n12\n");
        }
    }

    @Test
    void aCopyInThatIsNotCommittedLeavesNothing() throws Exception {
        try (WireConnection connection = open()) {
            connection.execute("create temp table copied (like account)");
            try (CopyIn copy = connection.copyIn("copy copied from stdin")) {
                copy.write("1\tone\n".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(connection
                            .queryRows("select count(*) from copied")
                            .getFirst()
                            .number(0))
                    .isZero();
        }
    }

    @Test
    void aCopyInThatTheServerRefusesFailsWithItsWords() throws Exception {
        try (WireConnection connection = open()) {
            connection.execute("create temp table copied (like account)");
            byte[] rows = "no number\tone\n".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> {
                        try (CopyIn copy = connection.copyIn("copy copied from stdin")) {
                            copy.write(rows);
                            copy.commit();
                        }
                    })
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessage("ERROR:  invalid input syntax for type integer: \"no number\"\n"
                            + "CONTEXT:  COPY copied, line 1, column id: \"no number\"");
            assertThat(connection.queryRows("select 1").getFirst().number(0)).isEqualTo(1);
        }
    }

    @Test
    void saysThatTheServerEndedTheSession() throws Exception {
        try (WireConnection connection = open();
                WireConnection other = open()) {
            other.execute("select pg_terminate_backend(" + connection.backendProcess() + ")");
            assertThatThrownBy(() -> {
                        for (int round = 0; round < 100; round++) {
                            connection.query("select pg_sleep(0.05)");
                        }
                    })
                    .hasMessage("FATAL:  terminating connection due to administrator command");
            assertThat(connection.isClosed()).isTrue();
            assertThatThrownBy(() -> connection.query("select 1")).hasMessage("connection is closed");
        }
    }

    @Test
    void speaksReplicationCommands() throws Exception {
        try (WireConnection connection = WireConnection.open(
                settings("user=postgres host=" + cluster.socketDirectory()),
                SessionKind.PHYSICAL_REPLICATION,
                NoticeListener.none())) {
            Row system = connection.queryRows("IDENTIFY_SYSTEM").getFirst();
            assertThat(system.string("systemid"))
                    .isEqualTo(cluster.query("select system_identifier::text from pg_control_system()"));
            assertThat(system.number("timeline")).isEqualTo(1);
        }
    }
}
