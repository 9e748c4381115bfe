package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Backups, restores, deletions and collectors beside one another, in orders that nobody would think of, with pauses of any
 * length, deaths and listings that are behind: no committed backup ever loses a frame, a reader gets the right bytes or
 * fails clearly, and everything dead is freed at last.
 */
class CollectModelTest {
    private static final int ROUNDS = 3;

    /** One history: several rounds of a few processes, each round to its end. Returns what was seen. */
    private static Map<String, Integer> history(long seed) throws Exception {
        CollectModel model = new CollectModel(seed);
        Random random = model.random();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                int processes = 2 + random.nextInt(4);
                for (int i = 0; i < processes; i++) {
                    int dieAt = random.nextInt(4) == 0 ? 1 + random.nextInt(60) : 0;
                    double lost = random.nextInt(3) == 0 ? 0.3 : 0;
                    int dice = random.nextInt(1 << 20);
                    String number = " " + round + i;
                    switch (random.nextInt(8)) {
                        case 0, 1 ->
                            model.start("backup" + number, dieAt, lost, (cluster, _) -> {
                                model.backup(cluster, "primary", true, dice);
                                model.backup(cluster, "primary", true, dice + 1);
                            });
                        case 2 ->
                            model.start(
                                    "backup" + number,
                                    dieAt,
                                    lost,
                                    (cluster, _) -> model.backup(cluster, "standby", dice % 2 == 0, dice));
                        case 3 ->
                            model.start(
                                    "restore" + number,
                                    dieAt,
                                    lost,
                                    (cluster, _) -> model.restore(cluster, true, dice));
                        case 4 ->
                            model.start(
                                    "restore" + number,
                                    dieAt,
                                    lost,
                                    (cluster, _) -> model.restore(cluster, false, dice));
                        case 5 ->
                            model.start("delete" + number, dieAt, lost, (cluster, _) -> model.delete(cluster, dice));
                        default ->
                            model.start(
                                    "collect" + number,
                                    dieAt,
                                    lost,
                                    (cluster, _) -> model.collect(cluster, dice % 2 == 0 ? 0.5 : 0.9));
                    }
                }
                model.run(choice(model, random));
                model.checkAllBackups();
            }
            model.everythingDeadIsFreedAtLast();
        } catch (AssertionError | IOException e) {
            throw new AssertionError("history " + seed + ": " + e.getMessage(), e);
        }
        return model.seen;
    }

    /** Mostly the one who is at it, so that others stand still for long; time passes now and then. */
    private static ModelSchedule.Choice choice(CollectModel model, Random random) {
        List<ModelSchedule.Actor> current = new ArrayList<>();
        int stay = 1 + random.nextInt(30);
        return ready -> {
            if (random.nextInt(300) == 0) {
                model.passTime(Duration.ofDays(random.nextInt(10)));
            }
            if (current.isEmpty() || !ready.contains(current.getFirst()) || random.nextInt(stay) == 0) {
                current.clear();
                current.add(ready.get(random.nextInt(ready.size())));
            }
            return current.getFirst();
        };
    }

    private static Map<String, Integer> histories(long first, long count) throws Exception {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = first; seed < first + count; seed++) {
            history(seed).forEach((what, times) -> seen.merge(what, times, Integer::sum));
        }
        return seen;
    }

    @Test
    void noBackupLosesAFrameInRandomHistories() throws Exception {
        Map<String, Integer> seen = histories(0, Integer.getInteger("pgark.histories", 60));
        assertThat(seen)
                .containsKeys(
                        "backup",
                        "backup with a base",
                        "collect",
                        "commit refused",
                        "death of a backup",
                        "death of a collect",
                        "delete",
                        "frame resumed",
                        "packs deleted",
                        "packs rewritten",
                        "packs waiting for a reader",
                        "restore",
                        "restore without a pin");
    }

    @Test
    @Tag("slow")
    void noBackupLosesAFrameInManyRandomHistories() throws Exception {
        histories(1_000_000, 20_000);
    }

    /** Every order of a few processes in which they are interrupted so many times at most. */
    private static Map<String, Integer> allOrders(int interruptions, Processes processes) throws Exception {
        Map<String, Integer> seen = new TreeMap<>();
        List<Integer> plan = new ArrayList<>();
        do {
            CollectModel model = new CollectModel(1);
            processes.prepare(model);
            processes.start(model);
            List<Integer> choices = new ArrayList<>(plan);
            List<Integer> alternatives = new ArrayList<>();
            int[] at = {0};
            int[] spent = {0};
            String[] current = {""};
            model.run(ready -> {
                int index = at[0]++;
                int same = 0;
                while (same < ready.size() && !ready.get(same).name.equals(current[0])) {
                    same++;
                }
                boolean goesOn = same < ready.size();
                List<ModelSchedule.Actor> order = new ArrayList<>(ready);
                if (goesOn) {
                    order.add(0, order.remove(same));
                }
                int possible = goesOn && spent[0] >= interruptions ? 1 : order.size();
                int chosen = index < choices.size() ? choices.get(index) : 0;
                if (index >= choices.size()) {
                    choices.add(0);
                }
                alternatives.add(possible);
                if (goesOn && chosen > 0) {
                    spent[0]++;
                }
                current[0] = order.get(chosen).name;
                return order.get(chosen);
            });
            model.checkAllBackups();
            model.everythingDeadIsFreedAtLast();
            model.seen.forEach((what, times) -> seen.merge(what, times, Integer::sum));
            int last = alternatives.size() - 1;
            while (last >= 0 && choices.get(last) + 1 >= alternatives.get(last)) {
                last--;
            }
            plan = new ArrayList<>();
            if (last >= 0) {
                plan.addAll(choices.subList(0, last));
                plan.add(choices.get(last) + 1);
            }
        } while (!plan.isEmpty());
        return seen;
    }

    /** A few processes and what there is before them. */
    private interface Processes {
        void prepare(CollectModel model) throws Exception;

        void start(CollectModel model);
    }

    private static final Processes BACKUP_DELETE_COLLECT = new Processes() {
        @Override
        public void prepare(CollectModel model) throws Exception {
            model.start("first", 0, 0, (cluster, _) -> {
                model.backup(cluster, "primary", false, 1);
                model.backup(cluster, "primary", true, 4);
            });
            model.run(List::getFirst);
        }

        @Override
        public void start(CollectModel model) {
            model.start("backup", 0, 0, (cluster, _) -> model.backup(cluster, "primary", true, 8));
            model.start("collect", 0, 0, (cluster, _) -> {
                model.delete(cluster, 0);
                model.collect(cluster, 0.9);
            });
        }
    };

    private static final Processes TWO_COLLECTORS = new Processes() {
        @Override
        public void prepare(CollectModel model) throws Exception {
            BACKUP_DELETE_COLLECT.prepare(model);
        }

        @Override
        public void start(CollectModel model) {
            model.start("collect", 0, 0, (cluster, _) -> {
                model.delete(cluster, 0);
                model.collect(cluster, 0.9);
            });
            model.start("collect2", 0, 0, (cluster, _) -> model.collect(cluster, 0.9));
        }
    };

    private static final Processes AND_A_READER = new Processes() {
        @Override
        public void prepare(CollectModel model) throws Exception {
            BACKUP_DELETE_COLLECT.prepare(model);
        }

        @Override
        public void start(CollectModel model) {
            TWO_COLLECTORS.start(model);
            model.start("restore", 0, 0, (cluster, _) -> model.restore(cluster, true, 1));
        }
    };

    private static final Processes TAKEN_FOR_DEAD = new Processes() {
        @Override
        public void prepare(CollectModel model) {}

        @Override
        public void start(CollectModel model) {
            model.start("backup", 0, 0, (cluster, _) -> model.backup(cluster, "primary", false, 1));
            model.start("collect", 0, 0, (cluster, _) -> {
                model.passTime(Duration.ofDays(8));
                model.collect(cluster, 0.5);
            });
        }
    };

    private static final Processes RESUMED_BY_TWO = new Processes() {
        @Override
        public void prepare(CollectModel model) throws Exception {
            model.start("killed backup", 15, 0, (cluster, _) -> model.backup(cluster, "primary", false, 1));
            model.run(List::getFirst);
            model.passTime(Duration.ofDays(8));
        }

        @Override
        public void start(CollectModel model) {
            model.start("backup", 0, 0, (cluster, _) -> model.backup(cluster, "primary", false, 3));
            model.start("other", 0, 0, (cluster, _) -> {
                model.backup(cluster, "standby", false, 6);
                model.delete(cluster, -1);
                model.collect(cluster, 0.5);
            });
        }
    };

    private static final Processes RESUMED_WHILE_COLLECTED = new Processes() {
        @Override
        public void prepare(CollectModel model) throws Exception {
            RESUMED_BY_TWO.prepare(model);
        }

        @Override
        public void start(CollectModel model) {
            model.start("collect", 0, 0, (cluster, _) -> model.collect(cluster, 0.5));
            model.start("backup", 0, 0, (cluster, _) -> model.backup(cluster, "primary", false, 3));
        }
    };

    @Test
    void noOrderWithOneInterruptionDoesHarm() throws Exception {
        assertThat(allOrders(1, BACKUP_DELETE_COLLECT)).doesNotContainKey("commit refused");
        assertThat(allOrders(1, TWO_COLLECTORS)).containsKey("packs rewritten");
        assertThat(allOrders(1, TAKEN_FOR_DEAD)).containsKeys("backup", "commit refused");
        assertThat(allOrders(1, RESUMED_BY_TWO)).containsKeys("frame resumed", "commit refused");
        assertThat(allOrders(1, RESUMED_WHILE_COLLECTED))
                .containsKey("frame resumed")
                .doesNotContainKey("commit refused");
    }

    @Test
    @Tag("slow")
    void noOrderOfMoreDoesHarm() throws Exception {
        allOrders(2, BACKUP_DELETE_COLLECT);
        allOrders(1, AND_A_READER);
        assertThat(allOrders(2, RESUMED_WHILE_COLLECTED)).doesNotContainKey("commit refused");
    }
}
