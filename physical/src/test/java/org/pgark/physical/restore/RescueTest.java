package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.Said;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.several.BackupTransfer;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.VerificationResult;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.copy.CopyProgress;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.MemoryStore;
import org.pgark.testkit.FileFault;

/** A damaged frame whose content is in another pack, too, does no harm, and is told. */
class RescueTest {
    @TempDir
    private Path folder;

    @Test
    void theContentOfADamagedFrameIsTakenFromAnotherPack() throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(17, options -> options)) {
            original.cluster().execute("create table t as select generate_series(1, 20000) i");
            original.cluster().execute("checkpoint");
            BackupRecord first = original.backup();
            BackupRecord second = original.backup(request -> request.withFull(true), ProgressListener.SILENT)
                    .record();
            restore(original, first, "sound", ProgressListener.SILENT);
            Repository far = copied(original, first);
            Path damaged = largestPack(original, first);
            FileFault.flipBit(damaged, 100);

            VerificationResult verified = BackupVerification.run(original.source(), first, 2, ProgressListener.SILENT);
            Said warnings = new Said();
            RestoreOutcome outcome = restore(original, first, "rescued", warnings);

            assertThat(verified.damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.reason())
                            .contains(damaged.getFileName().toString())
                            .contains("frame 0 does not match its tag; a restore takes the same content from pack "));
            assertThat(outcome.rescuedFrames()).isEqualTo(1);
            assertThat(warnings.warnings())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains(damaged.getFileName().toString())
                            .contains("frame 0 does not match its tag; the same content was found in pack "));
            assertThat(files("rescued")).isEqualTo(files("sound"));

            for (PackSummary pack : original.source().packs(second.id())) {
                Files.delete(fileOf(original, pack));
            }
            assertThatThrownBy(() -> restore(original, first, "lost", ProgressListener.SILENT))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("frame 0 does not match its tag");
            restoreWithAnotherRepository(original, first, damaged, far);
        }
    }

    /** What no pack of the repository has is taken from a copy of the backup in another one. */
    private void restoreWithAnotherRepository(
            ArchivingCluster original, BackupRecord backup, Path damaged, Repository far) throws Exception {
        FurtherSource nothing = new FurtherSource("away", () -> {
            throw new IOException("it cannot be reached");
        });
        FurtherSource copy = new FurtherSource(
                "far",
                () -> far.open(far.cluster(ArchivingCluster.NAME)
                        .of(original.source().incarnation().systemIdentifier())
                        .orElseThrow()));
        Said warnings = new Said();
        assertThat(restore(original, backup, "frame", warnings, List.of(nothing, copy))
                        .rescuedFrames())
                .isEqualTo(1);
        assertThat(warnings.warnings())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("repository away cannot help: it cannot be reached");
        assertThat(warnings.warnings().getLast())
                .contains("frame 0 does not match its tag; the same content was found in repository far");
        assertThat(files("frame")).isEqualTo(files("sound"));

        for (int offset = 100_000; offset < Files.size(damaged) / 2; offset += 100_000) {
            FileFault.flipBit(damaged, offset);
        }
        assertThat(restore(original, backup, "frames", new Said(), List.of(copy))
                        .rescuedFrames())
                .isGreaterThan(1);
        assertThat(files("frames")).isEqualTo(files("sound"));
        assertThatThrownBy(() -> restore(original, backup, "alone", new Said(), List.of(nothing)))
                .isInstanceOf(FailedException.class);
        far.close();
    }

    private static Repository copied(ArchivingCluster original, BackupRecord backup) throws Exception {
        Repository far = Repository.create(new MemoryStore(), Clock.systemUTC(), new SecureRandom());
        Incarnation known = original.source().incarnation();
        ClusterRepository target = far.open(
                far.registerCluster(known.name(), known.systemIdentifier(), known.major(), known.segmentSize()));
        new BackupTransfer(original.source(), target, backup, 2, CopyProgress.NONE, warning -> {
                    throw new AssertionError(warning);
                })
                .run();
        return far;
    }

    private RestoreOutcome restore(
            ArchivingCluster original, BackupRecord backup, String place, ProgressListener progress) throws Exception {
        return restore(original, backup, place, progress, List.of());
    }

    private RestoreOutcome restore(
            ArchivingCluster original,
            BackupRecord backup,
            String place,
            ProgressListener progress,
            List<FurtherSource> further)
            throws Exception {
        try (Repository repository = original.opened()) {
            RestoreRequest request = RestoreRequest.of(
                            ArchivingCluster.NAME, folder.resolve(place), original.restoreCommand())
                    .until(RecoveryTarget.IMMEDIATE)
                    .from(backup.id().value())
                    .configuredAt(original.cluster().dataDirectory());
            return new Restore(progress, further).run(Restore.plan(repository, request));
        }
    }

    private Map<String, String> files(String place) throws IOException {
        Map<String, String> files = RestoreScene.contents(folder.resolve(place));
        files.keySet().removeIf(name -> name.contains("postgresql.auto.conf") || name.contains("recovery"));
        return files;
    }

    private static Path largestPack(ArchivingCluster original, BackupRecord backup) throws IOException {
        return fileOf(
                original,
                original.source().packs(backup.id()).stream()
                        .max(Comparator.comparingLong(PackSummary::size))
                        .orElseThrow());
    }

    private static Path fileOf(ArchivingCluster original, PackSummary pack) throws IOException {
        try (Stream<Path> files = Files.walk(original.repositoryFolder().resolve("clusters"))) {
            return files.filter(file -> file.endsWith(pack.id().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
