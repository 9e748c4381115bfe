package org.pgark.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.PostgresMajor;
import org.pgark.testkit.TestCluster;

class ServerSessionTest {
    private static final String ACCESS = """
            local all peer_user peer
            local all scram_user scram-sha-256
            local all rejected reject
            local all all trust
            host all all 127.0.0.1/32 trust
            """;

    private static TestCluster cluster;
    private static String place;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(15).created();
        Files.writeString(cluster.dataDirectory().resolve("pg_hba.conf"), ACCESS);
        cluster.start();
        place = "socket \"" + cluster.socketDirectory() + "/.s.PGSQL." + cluster.port() + "\"";
        cluster.execute("create role peer_user login");
        cluster.execute("create role scram_user login password 'top secret'");
        cluster.execute("create role hasty login superuser");
        cluster.execute("alter role hasty set statement_timeout = '60s'");
        cluster.execute("alter role hasty set idle_session_timeout = '60s'");
        cluster.execute("alter role hasty set search_path = 'public'");
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static ConnectionSettings settings(String text) throws InvalidConnectionSettingsException {
        return ConnectionSettings.resolve(
                text, ConnectionEnvironment.of(Map.of(), cluster.home().resolve("no home"), "nobody"));
    }

    private static ServerSession open(String more) throws ConnectionException {
        return ServerSession.open(
                settings("host=" + cluster.socketDirectory() + " port=" + cluster.port() + " dbname=postgres " + more));
    }

    private static ConnectionException refusal(String more) {
        return catchThrowableOfType(ConnectionException.class, () -> open(more).close());
    }

    @Test
    void opensThroughAUnixSocketAndOverTcp() throws Exception {
        try (ServerSession session = open("user=postgres")) {
            assertThat(session.server())
                    .isEqualTo(new ServerAddress.UnixSocket(cluster.socketDirectory(), cluster.port()));
            assertThat(session.major()).isEqualTo(PostgresMajor.V15);
            assertThat(session.serverVersionNumber()).isBetween(150000, 159999);
            assertThat(session.wasInRecovery()).isFalse();
            assertThat(session.description()).isEqualTo(place + " (user \"postgres\", database \"postgres\")");
            assertThat(session.queryOptionalText("select host(inet_client_addr())"))
                    .isEmpty();
        }
        try (ServerSession session =
                ServerSession.open(settings("postgresql://postgres@localhost:" + cluster.port() + "/postgres"))) {
            assertThat(session.queryText("select host(inet_client_addr())")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void answersSmallQuestions() throws Exception {
        try (ServerSession session = open("user=postgres application_name=nightly")) {
            assertThat(session.queryText("select current_setting('application_name')"))
                    .isEqualTo("nightly");
            assertThat(session.queryLong("select ?::bigint * 2", 21)).isEqualTo(42);
            assertThat(session.queryBoolean("select ? = 'b'", "b")).isTrue();
            assertThat(session.queryOptionalText("select null")).isEmpty();
            assertThat(session.queryList("select generate_series(1, 3)", row -> row.getInt(1)))
                    .isEqualTo(List.of(1, 2, 3));
            assertThatThrownBy(() -> session.queryText("select 'x' where false"))
                    .hasMessage("query gave no value: select 'x' where false");
            assertThatThrownBy(() -> session.execute("select no_such()"))
                    .isInstanceOfSatisfying(
                            ConnectionException.class,
                            e -> assertThat(e.sqlState()).contains("42883"))
                    .hasMessage("query failed on " + session.description() + ": function no_such() does not exist");
        }
    }

    @Test
    void copiesMuchDataThroughAUnixSocket() throws Exception {
        try (ServerSession session = open("user=postgres")) {
            String digest = session.queryText("select md5(string_agg(n::text, ',')) from generate_series(1, 300000) n");
            String text = session.queryText("select string_agg(n::text, ',') from generate_series(1, 300000) n");
            assertThat(session.queryText("select md5(?)", text)).isEqualTo(digest);
        }
    }

    @Test
    void putsOffWhatARoleSetsForAllItsSessions() throws Exception {
        try (ServerSession session = open("user=hasty")) {
            assertThat(session.queryText("select current_setting('statement_timeout') || ' '"
                            + " || current_setting('idle_session_timeout') || ' ' || current_setting('search_path')"))
                    .isEqualTo("0 0 ");
        }
    }

    @Test
    void explainsWhyTheServerRefuses() {
        assertThat(refusal("user=missing"))
                .hasMessage("cannot connect to " + place
                        + " (user \"missing\", database \"postgres\"): role \"missing\" does not exist");
        assertThat(refusal("user=missing").hint())
                .contains("Name the user to enter as, for example \"user=postgres\".");
        assertThat(refusal("user=postgres dbname=missing"))
                .hasMessage("cannot connect to " + place
                        + " (user \"postgres\", database \"missing\"): database \"missing\" does not exist");
        assertThat(refusal("user=peer_user"))
                .hasMessage("cannot connect to " + place
                        + " (user \"peer_user\", database \"postgres\"): Peer authentication failed for user"
                        + " \"peer_user\"");
        assertThat(refusal("user=peer_user").hint())
                .contains("Run pgark as the operating system's user \"peer_user\", or map your user to it in"
                        + " pg_ident.conf.");
        assertThat(refusal("user=rejected").hint())
                .contains("Add a line for this user, database and host to the server's pg_hba.conf and reload it.");
    }

    @Test
    void entersWithAPasswordAndNeverShowsIt() throws Exception {
        open("user=scram_user password='top secret'").close();
        assertThat(refusal("user=scram_user"))
                .hasMessage("cannot connect to " + place + " (user \"scram_user\", database \"postgres\"):"
                        + " the server asks for a password, and none is known");
        ConnectionException wrong = refusal("user=scram_user password=verywrong");
        assertThat(wrong)
                .hasMessage("cannot connect to " + place + " (user \"scram_user\", database \"postgres\"):"
                        + " password authentication failed for user \"scram_user\"");
        assertThat(wrong.getCause()).hasMessageNotContaining("verywrong");
    }

    @Test
    void enforcesTheWantedAuthentication() {
        assertThat(refusal("user=postgres require_auth=scram-sha-256"))
                .hasMessageContaining("authentication method is not allowed by requireAuth");
    }

    @Test
    void triesTheServersInTheirOrder() throws Exception {
        String hosts = "host=127.0.0.1,/nowhere," + cluster.socketDirectory() + " port=1,2," + cluster.port();
        try (ServerSession session = ServerSession.open(settings(hosts + " user=postgres"))) {
            assertThat(session.server())
                    .isEqualTo(new ServerAddress.UnixSocket(cluster.socketDirectory(), cluster.port()));
        }
        assertThatThrownBy(() -> ServerSession.open(settings("host=127.0.0.1,/nowhere port=1,2 user=a dbname=b")))
                .hasMessage("cannot connect to any server (user \"a\", database \"b\"): host \"127.0.0.1\", port 1:"
                        + " connection refused; socket \"/nowhere/.s.PGSQL.2\": socket does not exist");
    }

    @Test
    void wantsTheKindOfServerThatIsAskedFor() throws Exception {
        assertThat(refusal("user=postgres target_session_attrs=standby"))
                .hasMessage("cannot connect to " + place
                        + " (user \"postgres\", database \"postgres\"): server is not in hot standby mode");
        open("user=postgres target_session_attrs=prefer-standby").close();
        open("user=postgres target_session_attrs=read-write").close();
    }

    @Test
    void leavesADatabaseForAnother() throws Exception {
        ConnectionSettings settings = settings(
                "host=" + cluster.socketDirectory() + " port=" + cluster.port() + " dbname=postgres user=postgres");
        try (ServerSession session = ServerSession.open(settings.withDatabase("template1"))) {
            assertThat(session.queryText("select current_database()")).isEqualTo("template1");
        }
    }

    @Test
    void cancelsAStatementThroughAnotherSocket() throws Exception {
        try (ServerSession session = open("user=postgres");
                Statement statement = session.jdbc().createStatement()) {
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("select pg_sleep(60)"))
                    .hasMessageContaining("canceling statement due to user request");
            assertThat(session.queryLong("select 1")).isEqualTo(1);
        }
    }

    @Test
    void tellsThatTheServerEndedTheSession() throws Exception {
        try (ServerSession session = open("user=postgres");
                ServerSession other = open("user=postgres")) {
            long process = session.queryLong("select pg_backend_pid()");
            assertThat(other.queryBoolean("select pg_terminate_backend(?, 5000)", (int) process))
                    .isTrue();
            assertThatThrownBy(() -> session.queryText("select 1"))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessage("connection to " + session.description()
                            + " was lost: terminating connection due to administrator command");
        }
    }

    @Test
    void tellsThatTheServerIsGone() throws Exception {
        try (TestCluster mortal = TestCluster.of(13).started()) {
            String text = "host=" + mortal.socketDirectory() + " port=" + mortal.port() + " user=postgres";
            try (ServerSession session = ServerSession.open(settings(text))) {
                mortal.kill();
                assertThatThrownBy(() -> session.queryText("select 1"))
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageStartingWith("connection to " + session.description() + " was lost: ");
            }
            Path socket = mortal.socketDirectory().resolve(".s.PGSQL." + mortal.port());
            assertThat(socket).exists();
            mortal.start();
            ServerSession.open(settings(text)).close();
            mortal.stop(StopMode.FAST);
        }
    }
}
