package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pgark.embedded.FileTree;

/** A repository that is lost in the middle of a restore, and another one that has the same backups. */
@Isolated("requests that are made again are counted for the whole process")
class LostInRestoreTest {
    private static final int RESET = 0;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    @TempDir
    private Path folder;

    private int wentOn;
    private int rescued;

    @Test
    void theRestoreGoesOnFromTheOther() throws Exception {
        try (FaultyScene scene = FaultyScene.withAnother(folder, 20_000)) {
            String id = backups(scene);
            FaultyScene.Taken expected = scene.asItIs();
            int planned = planned(scene, id);
            int all = all(scene, id);
            for (int passed = planned + 1; passed < all; passed += Math.max(1, (all - planned) / 3)) {
                restore(scene, id, expected, passed, passed % 2 == 0 ? NOT_FOUND : FORBIDDEN);
            }
            assertThat(wentOn).isGreaterThan(1);
        }
    }

    /** A service that does not answer is asked again and again before it is given up. */
    @Test
    @Tag("slow")
    void theRestoreGoesOnFromTheOtherWhereverItBreaksOff() throws Exception {
        try (FaultyScene scene = FaultyScene.withAnother(folder, 100_000)) {
            String id = backups(scene);
            FaultyScene.Taken expected = scene.asItIs();
            int planned = planned(scene, id);
            int all = all(scene, id);
            for (int passed = 0; passed < all; passed++) {
                restore(scene, id, expected, passed, passed % 2 == 0 ? NOT_FOUND : FORBIDDEN);
            }
            for (int passed = planned; passed < all; passed++) {
                restore(scene, id, expected, passed, NOT_FOUND, 1);
            }
            for (int passed = planned - 10; passed < all; passed += 3) {
                restore(scene, id, expected, passed, RESET);
            }
            assertThat(wentOn).isGreaterThan(10);
            System.out.println(
                    wentOn + " restores went on from the other repository, " + rescued + " took single frames from it");
        }
    }

    private int planned(FaultyScene scene, String id) {
        return scene.requestsOf("restore", "--dry-run", "--backup", id, "--immediate", "--to", target().toString());
    }

    private int all(FaultyScene scene, String id) throws IOException {
        int all = scene.requestsOf("restore", "--backup", id, "--immediate", "--to", target().toString());
        FileTree.delete(target());
        return all;
    }

    private Path target() {
        return folder.resolve("restored");
    }

    private static String backups(FaultyScene scene) throws Exception {
        scene.throughFaults("backup").mustEndWith(0);
        scene.change(new java.util.Random(1));
        scene.throughFaults("backup").mustEndWith(0);
        return scene.listed().getLast();
    }

    private void restore(FaultyScene scene, String id, FaultyScene.Taken expected, int passed, int status)
            throws Exception {
        restore(scene, id, expected, passed, status, Integer.MAX_VALUE);
    }

    private void restore(FaultyScene scene, String id, FaultyScene.Taken expected, int passed, int status, int requests)
            throws Exception {
        scene.lose(passed, status, requests);
        CommandResult result =
                scene.throughFaults("restore", "--backup", id, "--immediate", "--to", target().toString());
        scene.calm();
        String what = "after " + passed + " requests " + status + ": " + result;
        assertThat(result.exitCode()).as(what).isIn(0, 3);
        assertThat(result.errors()).as("names what failed, " + what).doesNotContain("failed: No (status ");
        if (result.errors().contains("going on from the next repository")) {
            wentOn++;
        }
        if (result.exitCode() == 3) {
            assertThat(result.errors()).as(what).contains("the same content was found in repository far");
            rescued++;
        }
        scene.judge(id, target(), expected, passed % 5 == 0);
    }
}
