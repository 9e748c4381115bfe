package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A data directory that was copied to another host, where a server writes on as if it were the only one. */
class TwoHostsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void ofTwoHostsThatArchiveTheSameSegmentTheSecondIsRefusedAndNothingIsOverwritten() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(13)) {
            TestCluster first = protectedCluster.cluster();
            first.switchWal();
            protectedCluster.archiveEverything();
            first.stop(StopMode.FAST);
            try (TestCluster second = first.copied(Map.of());
                    OtherHost host = OtherHost.like(protectedCluster, second.dataDirectory())) {
                Path automatic = second.dataDirectory().resolve("postgresql.auto.conf");
                Files.writeString(
                        automatic, Files.readString(automatic) + "archive_command = '" + host.archiveCommand() + "'\n");
                first.start();
                first.execute("CREATE TABLE written_here (id int)");
                String segment = protectedCluster.archiveEverything();
                Path object = protectedCluster.archived(segment).orElseThrow();
                byte[] before = Files.readAllBytes(object);

                second.start();
                second.execute("CREATE TABLE written_there (id int, content text)");
                assertThat(second.switchWal()).isEqualTo(segment);
                awaitFailures(second, 2);

                String log = Files.readString(second.cluster().logFile());
                assertThat(log)
                        .containsPattern("pgark-wal: error: WAL file \"" + segment + "\" is archived already with other"
                                + " content: there 16777216 bytes with SHA-256 [0-9a-f]{64}, archived at [^ ]+Z;"
                                + " new 16777216 bytes with SHA-256 [0-9a-f]{64}")
                        .contains("HINT: The archived file stays.");
                assertThat(second.query("SELECT last_failed_wal FROM pg_stat_archiver"))
                        .isEqualTo(segment);
                assertThat(Files.readAllBytes(object)).isEqualTo(before);

                protectedCluster.archiveEverything();
                assertThat(first.query("SELECT failed_count FROM pg_stat_archiver"))
                        .isEqualTo("0");
            }
        }
    }

    private static void awaitFailures(TestCluster cluster, int wanted) throws Exception {
        Waiting.until(
                "the archiver was refused " + wanted + " times",
                PATIENCE,
                () -> Long.parseLong(cluster.query("SELECT failed_count FROM pg_stat_archiver")) >= wanted);
    }
}
