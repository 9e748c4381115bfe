package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.Repository;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.pack.PackSummary;
import org.pgark.testkit.FileFault;
import org.pgark.testkit.TestCluster;

/** Restores from a repository that lost or damaged something. */
class RestoreDamageTest extends RestoreScene {
    RestoreDamageTest(RestoreOriginal scene) {
        super(scene);
    }

    @Test
    void aDamagedPackIsNamedAndLeavesADirectoryThatCannotStart() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Path pack = packOf(second);
        long offset = Files.size(pack) / 2;
        FileFault.flipBit(pack, offset);
        try {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA)))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining(pack.getFileName().toString())
                    .hasMessageContaining("is damaged");
            assertThat(data().resolve("global/pg_control")).doesNotExist();
            assertThat(data().resolve(RestoreMarker.FILE_NAME)).exists();
            try (TestCluster restored = TestCluster.existing(15, data())) {
                assertThatThrownBy(() -> restored.cluster().start()).isInstanceOf(IOException.class);
            }
        } finally {
            FileFault.flipBit(pack, offset);
        }
        restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.stop(StopMode.IMMEDIATE);
        }
    }

    @Test
    void aMissingPackIsNamedBeforeAnythingIsRemovedForIt() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Path pack = packOf(second);
        Path elsewhere = Files.move(pack, home.resolve("pack"));
        try {
            for (ExistingFiles existing : List.of(ExistingFiles.REPLACE, ExistingFiles.DELTA)) {
                assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(existing)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining(pack.getFileName().toString())
                        .extracting(refusal -> ((RefusedException) refusal).code())
                        .isEqualTo("missing_object");
            }
        } finally {
            Files.move(elsewhere, pack);
        }
        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void walThatWentSinceThePlanIsNoticedBeforeAnythingIsRemovedForIt() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        try (Repository repository = original.opened()) {
            RestorePlan plan =
                    Restore.plan(repository, request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE));
            Path segment;
            try (Stream<Path> files = Files.walk(original.repositoryFolder().resolve("clusters"))) {
                String name = plan.recovery().lastSegment().toString();
                segment = files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
            }
            Path elsewhere = Files.move(segment, home.resolve("segment"));
            try {
                assertThatThrownBy(() -> new Restore(ProgressListener.SILENT).run(plan))
                        .isInstanceOf(RefusedException.class)
                        .hasMessage("the archive has lost WAL that this restore of backup \""
                                + plan.backup().id() + "\" needs, since it was planned");
            } finally {
                Files.move(elsewhere, segment);
            }
        }
        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void aShortPackIsNamedBeforeAnythingIsRemovedForIt() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Path pack = packOf(second);
        byte[] whole = Files.readAllBytes(pack);
        FileFault.truncate(pack, whole.length - 1);
        try {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE)))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining(pack.getFileName().toString())
                    .hasMessageEndingWith(
                            "is damaged: it has " + (whole.length - 1) + " bytes instead of " + whole.length);
        } finally {
            Files.write(pack, whole);
        }
        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void aBackupInWhichDamageWasFoundIsTakenOnlyIfItIsNamed() throws Exception {
        remember(second, "a pack is missing");
        try {
            assertThat(plan(request(RecoveryTarget.LATEST)).backup()).isEqualTo(first);
            assertThat(plan(request(RecoveryTarget.LATEST).from("latest")).backup())
                    .isEqualTo(first);
            RestoreRequest named =
                    request(RecoveryTarget.LATEST).from(second.id().value());
            assertThat(plan(named).warnings())
                    .anySatisfy(warning -> assertThat(warning)
                            .startsWith("damage was found in the backup")
                            .endsWith("a pack is missing"));
            restore(request(RecoveryTarget.LATEST));
            for (ExistingFiles existing : List.of(ExistingFiles.REPLACE, ExistingFiles.DELTA)) {
                assertThatThrownBy(() -> plan(named.over(existing)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("a pack is missing");
                assertThat(plan(named.over(existing).evenFromDamaged()).backup())
                        .isEqualTo(second);
            }
            remember(first, "a pack is missing, too");
            assertThatThrownBy(() -> plan(request(RecoveryTarget.LATEST)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("damage was found in every backup of cluster \"" + ArchivingCluster.NAME + "\"");
        } finally {
            remember(first, "");
            remember(second, "");
        }
    }

    private RestorePlan plan(RestoreRequest request) throws Exception {
        try (Repository repository = original.opened()) {
            return Restore.plan(repository, request);
        }
    }

    private void remember(BackupRecord backup, String finding) throws IOException {
        original.source()
                .checked(CheckReport.ofBackups(Map.of(backup.id().value(), finding), DamagedFrames.NONE, List.of()));
    }

    private Path packOf(BackupRecord backup) throws IOException {
        String name = original.source().packs(backup.id()).stream()
                .max(Comparator.comparingLong(PackSummary::size))
                .orElseThrow()
                .id()
                .toString();
        try (Stream<Path> files = Files.walk(original.repositoryFolder().resolve("clusters"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }
}
