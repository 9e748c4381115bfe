package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.StopMode;
import org.pgark.testkit.FileFault;
import org.pgark.testkit.ProgramOutcome;
import tools.jackson.databind.JsonNode;

/** Restore and verify name whatever object of the repository is not as it was written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedRepositoryTest {
    private static final int FAILED = 1;
    private static final int DAMAGE_FOUND = 3;
    private static final int REFUSED = 4;

    private final ProtectedCluster protectedCluster;
    private final String backup;
    private final Path cluster;
    private final Set<Path> earlier;
    private final Path segment;

    /** What happens to an object. */
    private enum Fault {
        DAMAGED,
        TRUNCATED,
        SWAPPED,
        MISSING
    }

    /**
     * An object that a restore of the newest backup needs, and another one of its kind.
     *
     * @param isNewest whether it is the newest entry of a log, whose absence is only noticed by who has seen it
     */
    private record Victim(String name, Path object, Path other, boolean isNewest) {}

    DamagedRepositoryTest() throws IOException, SQLException {
        protectedCluster = ProtectedCluster.started(18);
        try {
            protectedCluster.pgark("backup").mustSucceed();
            cluster = folderIn(protectedCluster.repository().resolve("clusters"));
            earlier = Set.copyOf(allPacks());
            protectedCluster.pgark("backup").mustSucceed();
            backup = protectedCluster.backups().getLast();
            protectedCluster.cluster().execute("CREATE TABLE later AS SELECT generate_series(1, 1000) i");
            protectedCluster.archiveEverything();
            protectedCluster.archiveEverything();
            protectedCluster.cluster().stop(StopMode.FAST);
            JsonNode wal = protectedCluster
                    .pgark("show", backup, "--json")
                    .mustSucceed()
                    .json();
            segment = protectedCluster
                    .archived(wal.findValue("wal_first").asString())
                    .orElseThrow();
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
    void oneFaultOfEachKindOfObjectIsNamed() throws IOException {
        List<Victim> victims = victims();
        SoftAssertions promises = new SoftAssertions();
        int number = 0;
        for (Victim victim : victims) {
            Fault fault = Fault.values()[number++ % Fault.values().length];
            check(victim, fault, promises);
        }
        promises.assertAll();
    }

    @Test
    @Tag("slow")
    void everyFaultOfEveryKindOfObjectIsNamed() throws IOException {
        SoftAssertions promises = new SoftAssertions();
        for (Victim victim : victims()) {
            for (Fault fault : Fault.values()) {
                check(victim, fault, promises);
            }
        }
        promises.assertAll();
    }

    @Test
    void everyPackOfABackupIsReadByVerify() throws IOException {
        for (Path pack : packs()) {
            boolean found = false;
            // The backup may not need the one or other frame, of which another backup has a newer one.
            for (int part = 2; part <= 6 && !found; part++) {
                FileFault.flipBit(pack, size(pack) / part);
                ProtectedCluster.Run verify = protectedCluster.pgark("verify", backup);
                found = verify.exitCode() == DAMAGE_FOUND
                        && verify.output().contains(pack.getFileName().toString());
                FileFault.flipBit(pack, size(pack) / part);
            }
            assertThat(found).as(pack.toString()).isTrue();
        }
    }

    private List<Victim> victims() throws IOException {
        List<Victim> victims = new ArrayList<>();
        List<Path> packs = packs();
        victims.add(victim(packs.getLast(), packs.getFirst()));
        List<Path> segments = content(cluster.resolve("wal/00000001/00000000")).stream()
                .filter(file -> !file.getFileName().toString().contains("."))
                .toList();
        victims.add(victim(segment, segments.getFirst()));
        victims.add(victim(segments.get(segments.size() - 2), segments.getFirst()));
        List<Path> log = content(cluster.resolve("log"));
        victims.add(victim(log.getFirst(), log.getLast()));
        victims.add(victim(log.getLast(), log.getFirst(), true));
        Path repository = protectedCluster.repository();
        Path rootLog = content(repository.resolve("log")).getFirst();
        victims.add(victim(rootLog, log.getFirst(), true));
        victims.add(victim(repository.resolve("repository"), log.getFirst()));
        return victims;
    }

    private Victim victim(Path object, Path other) {
        return victim(object, other, false);
    }

    private Victim victim(Path object, Path other, boolean isNewest) {
        return new Victim(protectedCluster.repository().relativize(object).toString(), object, other, isNewest);
    }

    private List<Path> allPacks() throws IOException {
        List<Path> packs = new ArrayList<>();
        for (Path folder : content(cluster.resolve("packs"))) {
            packs.addAll(content(folder));
        }
        return packs;
    }

    /** The packs that only the newest backup needs, the smallest first. */
    private List<Path> packs() throws IOException {
        return allPacks().stream()
                .filter(pack -> !earlier.contains(pack))
                .sorted(Comparator.comparingLong(DamagedRepositoryTest::size))
                .toList();
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private void check(Victim victim, Fault fault, SoftAssertions promises) throws IOException {
        Path aside = Files.move(victim.object, protectedCluster.place("aside"));
        try {
            damage(victim, fault, aside);
            restore(victim, fault, promises);
            verify(victim, fault, promises);
        } finally {
            if (fault == Fault.SWAPPED) {
                FileFault.swap(victim.object, victim.other);
            }
            Files.move(aside, victim.object, StandardCopyOption.REPLACE_EXISTING);
        }
        if (victim.name.contains("/wal/")) {
            // It was remembered as damaged, which the next restore would go by.
            protectedCluster.pgark("verify", "--wal").mustSucceed();
        }
    }

    private static void damage(Victim victim, Fault fault, Path aside) throws IOException {
        if (fault != Fault.MISSING) {
            Files.copy(aside, victim.object);
        }
        switch (fault) {
            case DAMAGED -> FileFault.flipBit(victim.object, Files.size(victim.object) / 2);
            case TRUNCATED -> FileFault.truncate(victim.object, Files.size(victim.object) * 2 / 3);
            case SWAPPED -> FileFault.swap(victim.object, victim.other);
            case MISSING -> assertThat(victim.object).doesNotExist();
        }
    }

    private void restore(Victim victim, Fault fault, SoftAssertions promises) throws IOException {
        Path place = protectedCluster.place("restored");
        ProgramOutcome restore =
                protectedCluster.pgark("restore", "--to", place.toString()).outcome();
        String what = fault + " " + victim.name + " at restore: " + restore.exitStatus() + " " + restore.errors();
        boolean seenBeforehand = fault == Fault.MISSING
                && (victim.isNewest || victim.name.contains("/wal/") || victim.name.contains("/packs/"));
        promises.assertThat(restore.exitStatus()).as(what).isEqualTo(seenBeforehand ? REFUSED : FAILED);
        names(victim, fault, restore, what, promises);
        promises.assertThat(place.resolve("global/pg_control")).as(what).doesNotExist();
        if (Files.exists(place)) {
            FileTree.delete(place);
        }
    }

    private void verify(Victim victim, Fault fault, SoftAssertions promises) throws IOException {
        ProgramOutcome verify = protectedCluster.pgark("verify", backup).outcome();
        String what = fault + " " + victim.name + " at verify: " + verify.exitStatus() + " " + verify.output()
                + verify.errors();
        boolean partOfBackup = victim.name.contains("/packs/") || victim.object.equals(segment);
        if (victim.name.contains("/wal/") && !partOfBackup) {
            return;
        }
        promises.assertThat(verify.exitStatus())
                .as(what)
                .isEqualTo(partOfBackup ? DAMAGE_FOUND : fault == Fault.MISSING && victim.isNewest ? REFUSED : FAILED);
        names(victim, fault, verify, what, promises);
    }

    private void names(Victim victim, Fault fault, ProgramOutcome outcome, String what, SoftAssertions promises) {
        String said = outcome.output() + outcome.errors();
        Path other = protectedCluster.repository().relativize(victim.other);
        // Of two objects that changed places the one that is read first is told.
        promises.assertThat(said.contains(name(victim.name))
                        || (fault == Fault.SWAPPED && said.contains(name(other.toString()))))
                .as(what + outcome.output())
                .isTrue();
        promises.assertThat(said).as(what).doesNotContain("defect");
    }

    /** Segments are told by their own name. */
    private static String name(String object) {
        return object.contains("/wal/") ? object.substring(object.lastIndexOf('/') + 1) : object;
    }

    private static Path folderIn(Path folder) throws IOException {
        return content(folder).getFirst();
    }

    private static List<Path> content(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
