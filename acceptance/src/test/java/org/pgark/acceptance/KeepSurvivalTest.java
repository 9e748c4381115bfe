package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgark.embedded.Cluster;

/** Expiry and rotation of keys are killed at any moment; a backup from before restores and verifies afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeepSurvivalTest {
    private static final int KILLED = 128 + 9;

    private final ProtectedCluster protectedCluster;
    private final String kept;

    KeepSurvivalTest() throws IOException, SQLException {
        protectedCluster = ProtectedCluster.encrypted(18);
        try {
            Files.writeString(
                    protectedCluster.folder().resolve("pgark.toml"),
                    "\n[cluster.main.keep]\nlast = 1\n",
                    StandardOpenOption.APPEND);
            protectedCluster.cluster().execute("CREATE TABLE early AS SELECT generate_series(1, 1000) i");
            protectedCluster.pgark("backup").mustSucceed();
            kept = protectedCluster.backups().getFirst();
            protectedCluster.pgark("pin", kept).mustSucceed();
        } catch (IOException | SQLException | RuntimeException e) {
            protectedCluster.close();
            throw e;
        }
    }

    @AfterAll
    void removeCluster() throws IOException, SQLException {
        protectedCluster.close();
    }

    @Test
    void aFewKillsDoNoHarm() throws Exception {
        kill(2);
    }

    @Test
    @Tag("slow")
    void twoHundredKillsDoNoHarm() throws Exception {
        kill(Integer.getInteger("pgark.kills", 200));
    }

    private void kill(int times) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Duration expiry = Duration.ofMillis(1500);
        Duration rotation = Duration.ofMillis(800);
        int revisions = 0;
        for (int number = 0; number < times; number++) {
            boolean expire = number % 2 == 0;
            if (expire) {
                protectedCluster.cluster().execute("INSERT INTO early SELECT generate_series(1, 5000)");
                protectedCluster.pgark("backup").mustSucceed();
            }
            Duration whole = expire ? expiry : rotation;
            Duration moment = Duration.ofNanos((long) (whole.toNanos() * random.nextDouble()));
            String when = "number " + number + " killed after " + moment.toMillis() + " ms, seed " + seed;
            List<String> words = expire ? List.of("expire") : List.of("key", "rotate", "--new-data-key");
            try (RunningCommand command = protectedCluster.start(words.toArray(String[]::new))) {
                command.endsWithin(moment);
                command.signal("KILL");
                assertThat(command.end().exitStatus()).as(when).isIn(0, KILLED);
            }
            int now = revision();
            assertThat(now).as(when).isBetween(revisions, Math.max(revisions + 1, 1));
            revisions = now;
            assertThat(protectedCluster.backups()).as(when).contains(kept);
            if (number % 20 == 19) {
                expiry = measured("expire");
                rotation = measured("key", "rotate");
                revisions = revision();
            }
        }
        protectedCluster.pgark("expire").mustSucceed();
        assertThat(protectedCluster.backups()).contains(kept).hasSize(2);
        protectedCluster.pgark("verify", "--all", "--wal").mustSucceed();
        Cluster restored = protectedCluster.restored("--backup", kept, "--immediate");
        assertThat(ProtectedCluster.query(restored, "SELECT count(*) FROM early"))
                .isEqualTo("1000");
        restored.close();
    }

    private Duration measured(String... words) throws IOException {
        long begin = System.nanoTime();
        protectedCluster.pgark(words).mustSucceed();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private int revision() throws IOException {
        return protectedCluster
                .pgark("key", "list", "--json")
                .mustSucceed()
                .json()
                .get("revision")
                .asInt();
    }
}
