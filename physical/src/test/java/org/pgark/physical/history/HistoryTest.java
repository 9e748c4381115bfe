package org.pgark.physical.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.Said;
import org.pgark.physical.backup.BackupOutcome;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestorePlan;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.physical.restore.TargetAction;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.repository.ChangeSource;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/**
 * Whatever happened to a cluster: each backup and a plain copy of the files taken beside it are the same when both have
 * been replayed to the same position.
 *
 * <p>System properties: {@code pgark.history.seed} and {@code pgark.history.major} repeat one history;
 * {@code pgark.history.count} is the number of histories of the long test, which can so be run in parts;
 * {@code pgark.history.keep} names a folder for the data directories of histories whose two clusters differ.
 */
class HistoryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int[] MAJORS = {13, 15, 18, 17, 13, 18, 15, 14, 18, 16};

    private static final int MOST_STEPS_BESIDE = 30;
    private static final long USUAL_SEED = 20_261_127;

    private final Map<ChangeSource, Integer> sources = new EnumMap<>(ChangeSource.class);
    /** How many backups took what WAL changed from what the archive keeps beside it. */
    private int fromNotes;

    @Test
    void backupsAreWhatPlainCopiesAre() throws Exception {
        run(20, 2, false);
    }

    @Test
    @Tag("slow")
    void backupsAreWhatPlainCopiesAreInFiveHundredHistories() throws Exception {
        run(Integer.getInteger("pgark.history.count", 500), 4, true);
    }

    private void run(int histories, int rounds, boolean everyBackup) throws Exception {
        long given = Long.getLong("pgark.history.seed", 0);
        if (given != 0) {
            history(Integer.getInteger("pgark.history.major", 18), given, rounds, everyBackup);
            return;
        }
        // An ordinary build repeats the same histories, as far as what runs beside them lets it; the long test draws
        // new ones.
        Random seeds = everyBackup ? new Random() : new Random(USUAL_SEED);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int number = 0; number < histories; number++) {
            int major = MAJORS[number % MAJORS.length];
            long seed = seeds.nextLong(1, Long.MAX_VALUE);
            tasks.add(() -> {
                history(major, seed, rounds, everyBackup);
                return null;
            });
        }
        List<Throwable> failures = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()))) {
            List<Future<Void>> results = tasks.stream().map(threads::submit).toList();
            try {
                for (int done = 0; done < results.size(); done++) {
                    failures.addAll(failure(results.get(done)));
                    if (everyBackup && (done + 1) % 25 == 0) {
                        System.out.println((done + 1) + " histories, " + failures.size() + " failed, " + sources + ", "
                                + fromNotes + " from notes");
                    }
                }
            } finally {
                threads.shutdownNow();
            }
        }
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError(failures.size() + " histories failed", failures.getFirst());
            failures.stream().skip(1).forEach(all::addSuppressed);
            throw all;
        }
        assertThat(sources).containsOnlyKeys(ChangeSource.values());
        assertThat(fromNotes).as("backups that did not read all WAL").isPositive();
    }

    private static List<Throwable> failure(Future<Void> history) throws InterruptedException {
        try {
            history.get();
            return List.of();
        } catch (ExecutionException e) {
            System.out.println(e.getCause());
            return List.of(e.getCause());
        }
    }

    /**
     * @param rounds how many backups are taken after the first
     * @param everyBackup whether each is restored; else only the last, which has pages from all before
     */
    private void history(int major, long seed, int rounds, boolean everyBackup) throws Exception {
        Random random = new Random(seed);
        boolean checksums = random.nextInt(3) > 0;
        boolean summaries = major >= 17 && random.nextInt(3) > 0;
        StringBuilder told = new StringBuilder();
        try (ArchivingCluster original = ArchivingCluster.started(major, options -> {
            TestCluster.Builder builder = options.checksums(checksums)
                    .tablespace("space")
                    .with("max_prepared_transactions", "20")
                    .with("wal_compression", random.nextBoolean() ? "on" : "off")
                    .with("wal_log_hints", random.nextBoolean() ? "on" : "off")
                    .with("autovacuum", random.nextInt(4) == 0 ? "on" : "off")
                    .with("autovacuum_naptime", "1s")
                    .with("min_wal_size", "2MB")
                    .with("max_wal_size", random.nextBoolean() ? "4MB" : "1GB")
                    .with("shared_buffers", random.nextBoolean() ? "1MB" : "32MB")
                    .with("fsync", "off");
            return summaries ? builder.with("summarize_wal", "on") : builder;
        })) {
            RandomHistory history = new RandomHistory(original.cluster(), major, "h", random.nextLong());
            try (history) {
                history.act(6);
                original.backup();
                for (int round = 1; round <= rounds; round++) {
                    told.append("round ").append(round).append('\n');
                    history.act(4 + random.nextInt(8));
                    round(original, random, everyBackup || round == rounds, told);
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "history of seed " + seed + " on version " + major + " (repeat it with -Dpgark.history.seed="
                                + seed + " -Dpgark.history.major=" + major + "), checksums " + checksums
                                + ", summaries "
                                + summaries + "\n" + history.told() + "\n" + told,
                        e);
            }
        }
    }

    private void round(ArchivingCluster original, Random random, boolean restored, StringBuilder told)
            throws Exception {
        TestCluster cluster = original.cluster();
        Said notes = new Said();
        AtomicBoolean enough = new AtomicBoolean();
        RandomHistory beside =
                new RandomHistory(cluster, original.major().number(), "w" + random.nextInt(1000), random.nextLong());
        boolean copyFirst = random.nextBoolean();
        boolean full = random.nextInt(8) == 0;
        List<TestCluster> copies = new ArrayList<>();
        BackupOutcome outcome;
        String name = "point" + random.nextInt(1 << 30);
        Map<String, String> settings = Map.of(
                "restore_command",
                original.restoreCommand(),
                "recovery_target_name",
                name,
                "recovery_target_action",
                "shutdown",
                "archive_mode",
                "off");
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Void> writing = thread.submit(() -> {
                try (beside) {
                    for (int step = 0; step < MOST_STEPS_BESIDE && !enough.get(); step++) {
                        beside.stepBesideBackup();
                    }
                    return null;
                }
            });
            try {
                if (restored && copyFirst) {
                    copies.add(cluster.baseCopy(settings, "recovery.signal"));
                }
                outcome = original.backup(request -> request.withReadAll(full), notes);
                if (restored && !copyFirst) {
                    copies.add(cluster.baseCopy(settings, "recovery.signal"));
                }
            } finally {
                enough.set(true);
            }
            writing.get();
        } finally {
            told.append(beside.told()).append('\n').append(notes.notices()).append(notes.warnings());
        }
        synchronized (sources) {
            sources.merge(outcome.record().basis().changes(), 1, Integer::sum);
            if (notes.notices().toString().contains("segments of WAL the archive keeps what they changed")) {
                fromNotes++;
            }
        }
        assertThat(notes.warnings()).isEmpty();
        assertThat(outcome.damagedPages()).isEmpty();
        if (!restored) {
            return;
        }
        // What recovery has in memory reaches the disk at its end only if no restartpoint came after the last
        // checkpoint: nothing may change a page between that and the restore point.
        pauseAutovacuum(cluster);
        cluster.execute("checkpoint");
        cluster.execute("select pg_create_restore_point('" + name + "')");
        original.archiveAll();
        resumeAutovacuum(cluster);
        try (TestCluster copy = copies.getFirst()) {
            verify(original, copy, outcome, name);
        }
    }

    private static void pauseAutovacuum(TestCluster cluster) throws Exception {
        cluster.execute("alter system set autovacuum = off");
        cluster.execute("select pg_reload_conf()");
        Waiting.until(
                "autovacuum is over",
                PATIENCE,
                () -> cluster.query("select count(*) from pg_stat_activity where backend_type like 'autovacuum%'")
                        .equals("0"));
    }

    private static void resumeAutovacuum(TestCluster cluster) throws Exception {
        cluster.execute("alter system reset autovacuum");
        cluster.execute("select pg_reload_conf()");
    }

    private static void verify(ArchivingCluster original, TestCluster copy, BackupOutcome outcome, String name)
            throws Exception {
        int major = original.major().number();
        Path home = Files.createTempDirectory("pgark-history-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Path space = original.cluster().home().resolve("tablespaces/space");
            RestorePlan plan = Restore.plan(
                    original.repository(),
                    RestoreRequest.of(ArchivingCluster.NAME, home.resolve("data"), original.restoreCommand())
                            .from(outcome.record().id().value())
                            .until(new RecoveryTarget.Named(name))
                            .then(TargetAction.SHUTDOWN)
                            .moving(Map.of(space, home.resolve("space"))));
            new Restore(ProgressListener.SILENT).run(plan);
            try (TestCluster restored = TestCluster.existing(major, home.resolve("data"))) {
                restored.cluster().launch();
                Lsn start = BackupLabel.parse(
                                Files.readString(copy.dataDirectory().resolve("backup_label")))
                        .start();
                replay(copy);
                awaitReplay(restored);
                assertThat(ControlFile.read(restored.dataDirectory()).checkpoint())
                        .isEqualTo(ControlFile.read(copy.dataDirectory()).checkpoint());
                ClusterComparison comparison = new ClusterComparison(
                        restored.dataDirectory(),
                        copy.dataDirectory(),
                        start,
                        original.cluster().dataDirectory());
                List<String> differences = comparison.differences();
                if (!differences.isEmpty()) {
                    keep(name, original.cluster(), restored, copy);
                }
                assertThat(differences).isEmpty();
                assertThat(comparison.pages()).isGreaterThan(1000);
                check(restored, copy, major);
            }
        } finally {
            FileTree.delete(home);
        }
    }

    private static void keep(String name, TestCluster original, TestCluster restored, TestCluster copy)
            throws IOException {
        String folder = System.getProperty("pgark.history.keep", "");
        if (!folder.isEmpty()) {
            Path kept = Files.createDirectories(Path.of(folder, name));
            FileTree.copy(original.dataDirectory(), kept.resolve("original"), _ -> true);
            FileTree.copy(restored.dataDirectory(), kept.resolve("restored"), _ -> true);
            FileTree.copy(copy.dataDirectory(), kept.resolve("copy"), _ -> true);
        }
    }

    private static void replay(TestCluster cluster) throws Exception {
        cluster.cluster().launch();
        awaitReplay(cluster);
    }

    private static void awaitReplay(TestCluster cluster) throws Exception {
        cluster.cluster().awaitEnd(PATIENCE);
        assertThat(ControlFile.read(cluster.dataDirectory()).state())
                .as(cluster.cluster().logTail(30))
                .hasToString("SHUT_DOWN_IN_RECOVERY");
    }

    /** What the server says of the plain copy as well is not about the backup. */
    private static void check(TestCluster restored, TestCluster copy, int major) throws Exception {
        List<String> problems = problems(restored, major);
        if (!problems.isEmpty()) {
            assertThat(problems).isEqualTo(problems(copy, major));
        }
    }

    private static List<String> problems(TestCluster cluster, int major) throws Exception {
        Files.writeString(
                cluster.dataDirectory().resolve("postgresql.auto.conf"),
                "recovery_target_action = 'promote'\n",
                StandardOpenOption.APPEND);
        cluster.cluster().start();
        cluster.cluster().awaitPrimary(PATIENCE);
        return StructureCheck.problems(cluster, major);
    }
}
