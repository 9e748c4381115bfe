package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A standby on whose host pgark goes on when the primary is gone. */
@Tag("slow")
class LostPrimaryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void theStandbyIsBackedUpAndItsBackupRestored() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(15);
                TestCluster standby = protectedCluster.cluster().standby().started()) {
            TestCluster primary = protectedCluster.cluster();
            primary.execute("create table item as select generate_series(1, 1000) id");
            String position = primary.query("select pg_current_wal_flush_lsn()");
            Waiting.until(
                    "the standby has it all",
                    PATIENCE,
                    () -> standby.query("select pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn")
                            .equals("t"));
            primary.kill();

            assertThat(onStandby(protectedCluster, standby, "check").output())
                    .contains("its primary archives")
                    .contains("not tried, since the server is a standby and cannot switch WAL");
            ProgramOutcome backup = onStandby(protectedCluster, standby, "backup");
            assertThat(backup.exitStatus()).describedAs(backup.errors()).isZero();
            assertThat(protectedCluster.pgark("show", "latest").mustSucceed().output())
                    .contains(standby.dataDirectory() + ", a standby")
                    .contains(", in the backup itself from ");
            protectedCluster.pgark("verify", "latest").mustSucceed();

            Cluster restored = protectedCluster.restored("--immediate");
            try (Connection connection = restored.connect();
                    Statement statement = connection.createStatement();
                    ResultSet answer = statement.executeQuery("select sum(id) from item")) {
                assertThat(answer.next()).isTrue();
                assertThat(answer.getLong(1)).isEqualTo(500_500);
            }
        }
    }

    private static ProgramOutcome onStandby(ProtectedCluster protectedCluster, TestCluster standby, String command)
            throws Exception {
        ProcessBuilder builder = protectedCluster.builder(command);
        builder.environment()
                .put("PGARK_CLUSTER_MAIN_PGDATA", standby.dataDirectory().toString());
        builder.environment()
                .put(
                        "PGARK_CLUSTER_MAIN_CONNECTION",
                        "host=" + standby.socketDirectory() + " port=" + standby.port() + " user=postgres"
                                + " dbname=postgres");
        return ProgramOutcome.of(builder);
    }
}
