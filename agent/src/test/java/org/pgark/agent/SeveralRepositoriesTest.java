package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

class SeveralRepositoriesTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    /** A server that archives in two repositories. */
    private static final class Scene implements AutoCloseable {
        final Archive archive;
        final TestCluster server;

        Scene(String requirement) throws Exception {
            archive = new Archive(requirement, "near", "far");
            server = TestCluster.of(15)
                    .walSegmentMegabytes(1)
                    .archiveCommand(archive.archiveCommand())
                    .created();
            archive.register(server.dataDirectory());
            server.start();
        }

        List<String> switched(int count) throws SQLException {
            List<String> switched = new ArrayList<>();
            for (int one = 0; one < count; one++) {
                switched.add(server.switchWal());
            }
            return switched;
        }

        void awaitIn(String name, List<String> segments) throws IOException {
            Waiting.until(
                    "all segments are in " + name,
                    LONG,
                    () -> archive.segmentsIn(name).containsAll(segments));
        }

        void awaitServerKnows(String segment) throws IOException {
            Waiting.until(
                    "the server knows that " + segment + " is archived",
                    LONG,
                    () -> server.query("select last_archived_wal from pg_stat_archiver")
                            .equals(segment));
        }

        void take(String name) throws IOException {
            Files.move(archive.home.resolve(name), archive.home.resolve(name + ".gone"));
        }

        void bringBack(String name) throws IOException {
            Files.move(archive.home.resolve(name + ".gone"), archive.home.resolve(name));
        }

        @Override
        public void close() throws IOException, SQLException {
            server.close();
            archive.close();
        }
    }

    @Test
    void oneThatWasAwayIsFilledFromTheOther() throws Exception {
        try (Scene scene = new Scene("any")) {
            List<String> first = scene.switched(2);
            scene.awaitIn("near", first);
            scene.awaitIn("far", first);

            scene.take("near");
            List<String> meanwhile = scene.switched(4);
            scene.awaitServerKnows(meanwhile.getLast());
            scene.awaitIn("far", meanwhile);
            // The server has forgotten them, so the other repository is where they come from.
            scene.bringBack("near");
            scene.awaitIn("near", meanwhile);
            assertThat(scene.archive.log())
                    .contains("repository \"near\" is left behind", "repository \"near\" is back");
        }
    }

    @Tag("slow")
    @Test
    void aRepositoryThatWasWipedIsFilledAgain() throws Exception {
        try (Scene scene = new Scene("all")) {
            List<String> before = scene.switched(3);
            scene.awaitServerKnows(before.getLast());
            FileTree.delete(scene.archive.home.resolve("far"));
            scene.archive.make("far");
            scene.archive.register(scene.server.dataDirectory(), "far");
            List<String> after = scene.switched(2);
            scene.awaitServerKnows(after.getLast());
            scene.awaitIn("far", before);
            scene.awaitIn("far", after);
        }
    }

    @Test
    void theServerKeepsWalUntilAllHaveItAndTheOthersGetItAtOnce() throws Exception {
        try (Scene scene = new Scene("all")) {
            List<String> first = scene.switched(1);
            scene.awaitServerKnows(first.getFirst());
            scene.take("far");
            List<String> meanwhile = scene.switched(5);
            scene.awaitIn("near", meanwhile);
            Path status = scene.server.dataDirectory().resolve("pg_wal/archive_status");
            for (String segment : meanwhile) {
                assertThat(status.resolve(segment + ".ready")).exists();
            }
            scene.bringBack("far");
            scene.awaitIn("far", meanwhile);
            scene.awaitServerKnows(meanwhile.getLast());
        }
    }

    @Tag("slow")
    @Test
    void everythingIsInBothHoweverOftenTheWorkerIsKilled() throws Exception {
        try (Scene scene = new Scene("any")) {
            Random random = new Random(20261126);
            List<String> all = new ArrayList<>(scene.switched(1));
            scene.awaitIn("near", all);
            for (int round = 0; round < 4; round++) {
                String name = round % 2 == 0 ? "near" : "far";
                scene.take(name);
                all.addAll(scene.switched(2));
                Thread.sleep(random.nextInt(400));
                scene.archive.worker().ifPresent(ProcessHandle::destroyForcibly);
                all.addAll(scene.switched(1));
                scene.awaitServerKnows(all.getLast());
                scene.archive.worker().ifPresent(ProcessHandle::destroyForcibly);
                scene.bringBack(name);
                all.addAll(scene.switched(1));
            }
            scene.awaitIn("near", all);
            scene.awaitIn("far", all);
        }
    }
}
