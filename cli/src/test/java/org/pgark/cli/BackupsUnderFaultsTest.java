package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Whatever befalls the connection to the store, a command ends in what it was to do or in a clear error, and what is
 * listed afterwards restores as it was.
 *
 * <p>System properties: {@code pgark.faults.seed} is the seed of the first schedule, and {@code pgark.faults.count} the
 * number of those of the long test.
 */
@Isolated("requests that are made again are counted for the whole process")
class BackupsUnderFaultsTest {
    private static final int KEPT = 3;
    private static final int DAMAGE_FOUND = 3;

    @TempDir
    private Path folder;

    private final Map<String, FaultyScene.Taken> taken = new TreeMap<>();
    private final Map<String, Integer> ends = new TreeMap<>();

    @Test
    void whatIsListedRestores() throws Exception {
        run(20, Long.getLong("pgark.faults.seed", 20_261_127), false);
    }

    @Test
    @Tag("slow")
    void whatIsListedRestoresAfterFiveHundredSchedules() throws Exception {
        run(
                Integer.getInteger("pgark.faults.count", 500),
                Long.getLong("pgark.faults.seed", new Random().nextInt(1_000_000_000)),
                true);
    }

    private void run(int rounds, long firstSeed, boolean severe) throws Exception {
        try (FaultyScene scene = FaultyScene.start(folder, severe ? 100_000 : 20_000)) {
            for (int number = 0; number < rounds; number++) {
                long seed = firstSeed + number;
                try {
                    round(scene, new Random(seed), number, severe);
                } catch (AssertionError | Exception e) {
                    throw new AssertionError("round " + number + " with seed " + seed + ": " + e.getMessage(), e);
                }
            }
            List<String> listed = scene.listed();
            for (String id : severe ? listed : listed.subList(listed.size() - 2, listed.size())) {
                scene.restore(id, of(id), false);
            }
            assertThat(scene.struck()).isPositive();
        }
        assertThat(ends).containsKey("backup 0").containsKey("backup 1");
        System.out.println("ends of commands under faults: " + ends);
    }

    private void round(FaultyScene scene, Random random, int number, boolean severe) throws Exception {
        FaultPlan plan = FaultPlan.drawn(random, severe);
        scene.change(random);
        scene.strike(plan, random.nextLong());
        CommandResult backup = scene.throughFaults(options(random));
        judge(plan, "backup", backup);
        scene.calm();
        FaultyScene.Taken now = scene.asItIs();
        List<String> listed = scene.listed();
        assertThat(listed).as("those that were there are there still").containsAll(taken.keySet());
        List<String> fresh = new ArrayList<>(listed);
        fresh.removeAll(taken.keySet());
        assertThat(fresh).hasSizeLessThanOrEqualTo(1);
        if (backup.exitCode() == 0) {
            assertThat(fresh).hasSize(1);
        }
        fresh.forEach(id -> taken.put(id, now));
        if (severe || number % 10 == 0) {
            for (String id : fresh) {
                scene.restore(id, now, number % (severe ? 3 : 10) == 0);
            }
        }
        if (!taken.isEmpty() && severe) {
            String other = List.copyOf(taken.keySet()).get(random.nextInt(taken.size()));
            scene.restore(other, of(other), false);
        }
        if (taken.size() > KEPT && (severe || number % 4 == 0)) {
            letGo(scene, random, severe);
        }
    }

    private FaultyScene.Taken of(String id) {
        FaultyScene.Taken found = taken.get(id);
        if (found == null) {
            throw new AssertionError("nobody took backup " + id);
        }
        return found;
    }

    private static String[] options(Random random) {
        List<String> words = new ArrayList<>(List.of("backup", "--jobs", Integer.toString(1 + random.nextInt(3))));
        if (random.nextInt(12) == 0) {
            words.add("--full");
        }
        if (random.nextInt(6) == 0) {
            words.addAll(List.of("--read-all"));
        }
        return words.toArray(String[]::new);
    }

    /** Deletes a backup, collects, and verifies, each under faults. */
    private void letGo(FaultyScene scene, Random random, boolean severe) throws IOException {
        String victim = List.copyOf(taken.keySet()).get(random.nextInt(taken.size()));
        for (String[] words : new String[][] {{"delete", victim}, {"collect"}, {"verify", "--all"}}) {
            if (!words[0].equals("verify") || (severe && random.nextInt(4) == 0)) {
                FaultPlan plan = FaultPlan.drawn(random, severe);
                scene.strike(plan, random.nextLong());
                CommandResult result = scene.throughFaults(words);
                scene.calm();
                judge(plan, words[0], result);
                if (result.exitCode() == DAMAGE_FOUND) {
                    scene.verifyBeside();
                }
                if (words[0].equals("delete") && result.exitCode() == 0) {
                    assertThat(scene.listed()).doesNotContain(victim);
                }
            }
        }
        List<String> listed = scene.listed();
        List<String> others = new ArrayList<>(taken.keySet());
        others.remove(victim);
        assertThat(listed).containsAll(others);
        if (!listed.contains(victim)) {
            taken.remove(victim);
        }
    }

    private void judge(FaultPlan plan, String command, CommandResult result) {
        ends.merge(command + " " + result.exitCode(), 1, Integer::sum);
        String all = plan + ": " + command + " ended with " + result;
        assertThat(result.errors()).as(all).doesNotContain("defect of pgark");
        if (result.exitCode() != 0) {
            if (command.equals("verify") && result.exitCode() == DAMAGE_FOUND) {
                // It says what it saw: an object that the service denied, or that came damaged.
                assertThat(result.output()).as(all).contains("DAMAGE FOUND");
                return;
            }
            assertThat(result.exitCode()).as(all).isEqualTo(1);
            assertThat(result.errors()).as(all).containsPattern("(?m)^pgark: error: .{20}");
        }
    }
}
