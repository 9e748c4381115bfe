package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pgark standby create} as it is installed, with files of the repository. */
class StandbyTest {
    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void aStandbyOfTheRepositoryStreamsAndTakesOver() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(18)) {
            TestCluster primary = protectedCluster.cluster();
            primary.execute("create table account as select n as id from generate_series(1, 1000) n");
            protectedCluster.pgark("backup").mustSucceed();
            primary.execute("insert into account select 1001");
            protectedCluster.archiveEverything();
            primary.execute("insert into account select 1002");
            Path data = protectedCluster.place("standby");
            int port = freePort();
            List<String> words = new ArrayList<>(List.of(
                    "standby",
                    "create",
                    "--json",
                    "--from-repository",
                    "-D",
                    data.toString(),
                    "-S",
                    "standby",
                    "--bindir",
                    primary.cluster().installation().bin().toString(),
                    "--set",
                    "port=" + port,
                    "--set",
                    "listen_addresses=127.0.0.1",
                    "--set",
                    "unix_socket_directories=" + primary.socketDirectory()));
            try {
                ProcessBuilder builder = protectedCluster.builder(words.toArray(String[]::new));
                // The server refuses root, so that the whole command is run as the other servers are.
                builder.command(primary.cluster().user().command(builder.command()));
                ProgramOutcome outcome = ProgramOutcome.of(builder);
                assertThat(outcome.exitStatus()).as(outcome.errors()).isZero();
                JsonNode said = JsonMapper.builder().build().readTree(outcome.output());
                assertThat(said.path("streaming").asBoolean()).isTrue();
                assertThat(said.path("slot").asString()).isEqualTo("standby");
                assertThat(said.path("port").asInt()).isEqualTo(port);
                String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
                Waiting.until(
                        "the standby has the last row",
                        () -> query(url, "select count(*) from account").equals("1002"));
                primary.kill();
                control(primary, data, "promote", "-w", "-s");
                assertThat(query(url, "select pg_is_in_recovery()")).isEqualTo("f");
            } finally {
                if (Files.exists(data.resolve("postmaster.pid"))) {
                    control(primary, data, "stop", "-m", "immediate", "-s");
                }
            }
        }
    }

    private static String query(String url, String question) throws Exception {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(question)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void control(TestCluster like, Path data, String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(like.cluster().installation().program("pg_ctl").toString(), "-D", data.toString()));
        command.addAll(List.of(words));
        ProgramOutcome outcome = ProgramOutcome.of(like.cluster().user().command(command));
        assertThat(outcome.exitStatus()).as(outcome.errors()).isZero();
    }
}
