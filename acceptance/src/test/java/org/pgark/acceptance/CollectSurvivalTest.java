package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.SampleDatabase;
import tools.jackson.databind.JsonNode;

/** Backups are deleted and collectors killed at any moment; what is left restores page for page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CollectSurvivalTest {
    private static final int KILLED = 128 + 9;
    private static final int MEGABYTES = 8;

    private final ProtectedCluster protectedCluster;
    private final String kept;
    private final Path reference;

    CollectSurvivalTest() throws IOException, SQLException {
        protectedCluster = ProtectedCluster.started(18);
        try {
            SampleDatabase.load(protectedCluster.cluster().cluster()::connect, MEGABYTES, "pg_default");
            protectedCluster.pgark("backup").mustSucceed();
            kept = protectedCluster.backups().getFirst();
            reference = restore("reference");
        } catch (IOException | SQLException | RuntimeException e) {
            protectedCluster.close();
            throw e;
        }
    }

    @AfterAll
    void removeCluster() throws IOException, SQLException {
        protectedCluster.close();
    }

    private Path restore(String name) throws IOException {
        Path place = protectedCluster.place(name);
        protectedCluster
                .pgark("restore", "--cluster", "main", "--to", place.toString(), "--backup", kept, "--immediate")
                .mustSucceed();
        return place;
    }

    @Test
    void collectorsThatWereKilledAtAnyMomentDoNoHarm() throws Exception {
        killCollectors(3);
    }

    @Test
    @Tag("slow")
    void twoHundredKilledCollectorsDoNoHarm() throws Exception {
        killCollectors(Integer.getInteger("pgark.kills", 200));
    }

    private void killCollectors(int times) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Duration whole = Duration.ofMillis(800);
        for (int number = 0; number < times; number++) {
            backUpAndDelete();
            Duration moment = Duration.ofNanos((long) (whole.toNanos() * random.nextDouble()));
            String when = "killed after " + moment.toMillis() + " ms, seed " + seed;
            try (RunningCommand collect = protectedCluster.start("collect", "--limit", "1")) {
                collect.endsWithin(moment);
                collect.signal("KILL");
                assertThat(collect.end().exitStatus()).as(when).isIn(0, KILLED);
            }
            if (number % 10 == 0) {
                protectedCluster.pgark("verify", "--all").mustSucceed();
                long begin = System.nanoTime();
                protectedCluster.pgark("collect", "--limit", "1").mustSucceed();
                whole = Duration.ofNanos(System.nanoTime() - begin);
            }
        }
        protectedCluster.pgark("verify", "--all").mustSucceed();
        protectedCluster.pgark("collect").mustSucceed();
        everythingDeadIsGone();
        Path restored = restore("restored-" + times);
        assertSame(reference, restored);
        FileTree.delete(restored);
    }

    private void backUpAndDelete() throws Exception {
        protectedCluster.cluster().execute("UPDATE shop.customer SET note = note WHERE id % 7 = 0");
        protectedCluster.pgark("backup").mustSucceed();
        String newest = protectedCluster.backups().getLast();
        JsonNode deleted =
                protectedCluster.pgark("delete", newest, "--json").mustSucceed().json();
        assertThat(deleted.get("id").asString()).isEqualTo(newest);
        assertThat(protectedCluster.backups()).containsExactly(kept);
    }

    private void everythingDeadIsGone() throws Exception {
        JsonNode again = protectedCluster
                .pgark("collect", "--dry-run", "--json")
                .mustSucceed()
                .json()
                .get("clusters")
                .get(0);
        for (String field : List.of("dead_packs", "rewritten_packs", "waiting_packs", "kept_packs")) {
            assertThat(again.get(field).asLong()).as(field).isZero();
        }
    }

    private static void assertSame(Path expected, Path found) throws IOException {
        List<Path> paths = paths(expected);
        assertThat(paths(found)).isEqualTo(paths);
        for (Path path : paths) {
            if (Files.isRegularFile(expected.resolve(path))) {
                assertThat(Files.mismatch(expected.resolve(path), found.resolve(path)))
                        .as(path.toString())
                        .isEqualTo(-1);
            }
        }
    }

    private static List<Path> paths(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.map(root::relativize).sorted().toList();
        }
    }

    @Test
    void refusesToDeleteTheOnlyBackupOfTheRecoveryWindow() throws Exception {
        assertThat(protectedCluster.pgark("delete", kept).mustEndWith(4).errors())
                .contains("without backup \"" + kept + "\" cluster \"main\" has no recovery window")
                .contains("HINT: Take another backup first, or delete this one with --force.");
        assertThat(protectedCluster.pgark("delete", "2").mustEndWith(4).errors())
                .contains("recovery window");
        assertThat(protectedCluster.backups()).contains(kept);
    }
}
