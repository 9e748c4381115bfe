package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.testkit.TestCluster;

/** The state to which restores bring a cluster back. */
class RestoreTargetTest extends RestoreScene {
    RestoreTargetTest(RestoreOriginal scene) {
        super(scene);
    }

    @Test
    void bringsTheClusterBackToATime() throws Exception {
        RecoveryTarget target = new RecoveryTarget.Time(
                org.pgark.physical.recovery.TargetTime.parse(instant, ZoneOffset.UTC)
                        .instant(),
                ZoneOffset.UTC,
                false);

        RestorePlan plan = restore(request(target));

        assertThat(plan.backup().id()).isEqualTo(second.id());
        assertThat(plan.recovery().stopReason()).startsWith("before the commit of transaction " + transaction);
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            assertThat(restored.query("select count(*) || ' ' || max(id) from item"))
                    .isEqualTo("2001 2001");
            assertThat(restored.query("select count(*) from wide where text = repeat(md5(id::text), 4)"))
                    .isEqualTo("30000");
            assertThat(restored.query("select count(*) from scratch")).isEqualTo("0");
            assertThat(restored.query("show archive_mode")).isEqualTo("off");
            assertThat(restored.query(
                            "select pg_tablespace_location(oid) from pg_tablespace where spcname = 'other disk'"))
                    .isEqualTo(home.resolve("moved").toString());
        }
    }

    @Test
    void bringsTheClusterBackToATransactionFromTheFirstBackupWhenItIsNamed() throws Exception {
        RestorePlan plan = restore(request(RecoveryTarget.AtTransaction.parse(transaction, true))
                .from(first.id().value()));

        assertThat(plan.backup().id()).isEqualTo(first.id());
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            assertThat(restored.query("select count(*) || ' ' || max(id) from item"))
                    .isEqualTo("2001 2001");
        }
    }

    @Test
    void bringsTheClusterBackToTheEndOfTheArchive() throws Exception {
        restore(request(RecoveryTarget.LATEST));

        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            assertThat(restored.query("select count(*) || ' ' || max(id) from item"))
                    .isEqualTo("1002 3001");
        }
    }

    @Test
    void refusesATargetOutsideTheWindowAndLeavesTheDirectoryAlone() {
        RecoveryTarget target = new RecoveryTarget.Time(Instant.parse("2099-01-01T00:00:00Z"), ZoneOffset.UTC, false);

        assertThatThrownBy(() -> restore(request(target)))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("time 2099-01-01 00:00:00+00:00 lies after the last transaction in the archive"
                        + " on timeline 1, the commit of transaction ");
        assertThat(data()).doesNotExist();
    }

    @Test
    void aStandbyStaysInRecoveryAndFollowsPromotions() throws Exception {
        restore(request(RecoveryTarget.LATEST).asStandby());

        assertThat(data().resolve("recovery.signal")).doesNotExist();
        assertThat(Files.readString(data().resolve("postgresql.auto.conf")))
                .contains("recovery_target_timeline = 'latest'");
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            assertThat(restored.query("select pg_is_in_recovery()")).isEqualTo("t");
        }
    }
}
