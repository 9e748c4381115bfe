package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.testkit.TestCluster;

/** The oldest and the newest version take the settings of every kind of target, whatever was set before. */
@Tag("slow")
class RestoreMajorsTest {
    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void aTargetInTheOriginalsConfigurationDoesNotDisturb(int major) throws Exception {
        Path home = Files.createTempDirectory("pgark-restored-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ArchivingCluster original =
                ArchivingCluster.started(major, options -> options.with("recovery_target_xid", "4000000000"))) {
            TestCluster cluster = original.cluster();
            cluster.execute("create table item (id bigint)");
            original.backup();
            cluster.execute("insert into item values (1)");
            cluster.execute("select pg_create_restore_point('first')");
            cluster.execute("insert into item values (2)");
            original.archiveAll();

            assertThat(itemsAfter(original, home.resolve("name"), new RecoveryTarget.Named("first")))
                    .isEqualTo("1");
            assertThat(itemsAfter(original, home.resolve("latest"), RecoveryTarget.LATEST))
                    .isEqualTo("2");
            assertThat(itemsAfter(original, home.resolve("immediate"), RecoveryTarget.IMMEDIATE))
                    .isEqualTo("0");
        } finally {
            FileTree.delete(home);
        }
    }

    private static String itemsAfter(ArchivingCluster original, Path to, RecoveryTarget target) throws Exception {
        RestorePlan plan = Restore.plan(
                original.repository(),
                RestoreRequest.of(ArchivingCluster.NAME, to, original.restoreCommand())
                        .until(target));
        new Restore(ProgressListener.SILENT).run(plan);
        try (TestCluster restored = TestCluster.existing(original.major().number(), to)) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(Duration.ofSeconds(30));
            return restored.query("select count(*) from item");
        }
    }
}
