package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.VerificationResult;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.Repository;
import org.pgark.repository.pack.PackSummary;
import org.pgark.testkit.FileFault;

/** A damaged frame whose content is in another pack, too, does no harm, and is told. */
class RescueTest {
    @TempDir
    private Path folder;

    /** What was warned of. */
    private static final class Warnings implements ProgressListener {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void phase(String name) {}

        @Override
        public void total(long files, long bytes) {}

        @Override
        public void advanced(long bytes) {}

        @Override
        public void notice(String message) {}

        @Override
        public synchronized void warning(String message) {
            lines.add(message);
        }
    }

    @Test
    void theContentOfADamagedFrameIsTakenFromAnotherPack() throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(17, options -> options)) {
            original.cluster().execute("create table t as select generate_series(1, 20000) i");
            original.cluster().execute("checkpoint");
            BackupRecord first = original.backup();
            BackupRecord second = original.backup(request -> request.withFull(true), ProgressListener.SILENT)
                    .record();
            restore(original, first, "sound", ProgressListener.SILENT);
            Path damaged = largestPack(original, first);
            FileFault.flipBit(damaged, 100);

            VerificationResult verified = BackupVerification.run(original.source(), first, 2, ProgressListener.SILENT);
            Warnings warnings = new Warnings();
            RestoreOutcome outcome = restore(original, first, "rescued", warnings);

            assertThat(verified.damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.reason())
                            .contains(damaged.getFileName().toString())
                            .contains("frame 0 does not match its tag; a restore takes the same content from pack "));
            assertThat(outcome.rescuedFrames()).isEqualTo(1);
            assertThat(warnings.lines)
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
        }
    }

    private RestoreOutcome restore(
            ArchivingCluster original, BackupRecord backup, String place, ProgressListener progress) throws Exception {
        try (Repository repository = original.opened()) {
            RestoreRequest request = RestoreRequest.of(
                            ArchivingCluster.NAME, folder.resolve(place), original.restoreCommand())
                    .until(RecoveryTarget.IMMEDIATE)
                    .from(backup.id().value())
                    .configuredAt(original.cluster().dataDirectory());
            return new Restore(progress).run(Restore.plan(repository, request));
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
