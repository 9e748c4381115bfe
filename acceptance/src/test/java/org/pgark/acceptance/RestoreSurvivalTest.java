package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.ProgramOutcome;

/** Whatever ends a restore early, no server can be started on what it left, and running it again makes it right. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreSurvivalTest {
    private static final int MEGABYTES = 16;

    private final SampleCluster sample;
    private final ProtectedCluster protectedCluster;

    RestoreSurvivalTest() throws IOException, SQLException {
        sample = SampleCluster.started(13, MEGABYTES);
        protectedCluster = sample.protectedCluster();
        try {
            protectedCluster.pgark("backup").mustSucceed();
        } catch (IOException | RuntimeException e) {
            sample.close();
            throw e;
        }
    }

    @AfterAll
    void removeCluster() throws IOException, SQLException {
        sample.close();
    }

    @Test
    void restoresThatWereKilledAtAnyMomentCannotBeStartedAndAreMadeRightByAnother() throws Exception {
        killRestores(6);
    }

    @Test
    @Tag("slow")
    void sixtyKilledRestoresCannotBeStartedAndAreMadeRightByAnother() throws Exception {
        killRestores(Integer.getInteger("pgark.kills", 60));
    }

    private void killRestores(int times) throws Exception {
        Path right = protectedCluster.place("right");
        Path rightLines = protectedCluster.place("right-lines");
        long begin = System.nanoTime();
        protectedCluster.pgark(words(right, rightLines, "--delta")).mustSucceed();
        long whole = System.nanoTime() - begin;
        Path place = protectedCluster.place("killed");
        Path lines = protectedCluster.place("killed-lines");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int number = 0; number < times; number++) {
            Duration moment = Duration.ofNanos((long) (whole * random.nextDouble()));
            String option = number % 2 == 0 ? "--delta" : "--force";
            String when = option + " killed after " + moment.toMillis() + " ms, seed " + seed;
            try (RunningCommand restore = protectedCluster.start(words(place, lines, option))) {
                restore.endsWithin(moment);
                restore.signal("KILL");
                ProgramOutcome outcome = restore.end();
                // It may end by itself just before the signal reaches it.
                assertThat(outcome.exitStatus())
                        .as("%s: %s", when, outcome.errors())
                        .isIn(0, RunningCommand.KILLED);
                assertThat(outcome.exitStatus() != 0 || Files.exists(place.resolve("global/pg_control")))
                        .as("%s: ended by itself and left a cluster", when)
                        .isTrue();
            }
            if (Files.exists(place.resolve("global/pg_control"))) {
                // Either it had done everything already, or it had not yet touched what an earlier one had done.
                assertSameFiles(when, right, place);
                assertSameFiles(when, rightLines, lines);
            }
            if (number % 3 == 2) {
                String repair = number % 2 == 0 ? "--force" : "--delta";
                protectedCluster.pgark(words(place, lines, repair)).mustSucceed();
                assertSameFiles(when, right, place);
                assertSameFiles(when, rightLines, lines);
            }
        }
        protectedCluster.pgark(words(place, lines, "--delta")).mustSucceed();
        sample.assertRestored(place);
        for (Path made : List.of(right, rightLines, place, lines)) {
            FileTree.delete(made);
        }
    }

    private String[] words(Path place, Path lines, String option) {
        return new String[] {
            "restore",
            "--cluster",
            "main",
            "--to",
            place.toString(),
            "--tablespace",
            sample.tablespace() + "=" + lines,
            "--immediate",
            option
        };
    }

    private static void assertSameFiles(String when, Path right, Path restored) throws IOException {
        ProgramOutcome difference = ProgramOutcome.of(List.of(
                "diff",
                "--recursive",
                "--brief",
                "--no-dereference",
                "--exclude=pg_tblspc",
                "--exclude=tablespace_map",
                right.toString(),
                restored.toString()));
        assertThat(difference.output() + difference.errors()).as(when).isEmpty();
    }
}
