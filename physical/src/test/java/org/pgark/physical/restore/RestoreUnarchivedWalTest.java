package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.testkit.TestCluster;

/** What becomes of WAL that only the old data directory has. */
class RestoreUnarchivedWalTest extends RestoreScene {
    RestoreUnarchivedWalTest(RestoreOriginal scene) {
        super(scene);
    }

    @Test
    void isSavedWhereARestoreWritesOverItInPlaceAndWarnedOfElsewhere() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        liveOn();
        assertThat(Restore.plan(original.repository(), inPlace()).savedWal()).isEmpty();
        liveOn("insert into item values (4001, 'never archived')");
        Map<String, String> before = contents(data().resolve("pg_wal"));
        RestorePlan elsewhere = Restore.plan(
                original.repository(), request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));
        assertThat(elsewhere.savedWal()).isEmpty();
        assertThat(elsewhere.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(data() + " has WAL that was never archived: 00000002.history, 00000002"));

        RestorePlan plan = restore(inPlace());

        SavedWal saved = plan.savedWal().orElseThrow();
        assertThat(saved.place().toString()).startsWith(data() + ".unarchived-wal-2");
        assertThat(saved.names()).contains("00000002.history").anyMatch(name -> name.matches("00000002[0-9A-F]{16}"));
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.describe())
                .anySatisfy(line -> assertThat(line.toString())
                        .startsWith("saves=WAL that was never archived: 00000002.history, 00000002"));
        Map<String, String> after = contents(saved.place());
        assertThat(after)
                .containsKeys(saved.names().toArray(String[]::new))
                .hasSize(saved.names().size() + 1);
        saved.names().forEach(name -> assertThat(after.get(name)).isEqualTo(before.get(name)));
        assertThat(data().resolve("pg_wal").resolve(saved.names().getLast())).doesNotExist();
    }

    /** Lets the restored cluster live on for a moment, without archiving. */
    private void liveOn(String... statements) throws Exception {
        try (TestCluster restored = TestCluster.existing(15, data())) {
            restored.cluster().start();
            restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(30));
            for (String statement : statements) {
                restored.execute(statement);
            }
            restored.stop(StopMode.FAST);
        }
    }

    private RestoreRequest inPlace() {
        return request(RecoveryTarget.LATEST)
                .configuredAt(data())
                .archiving(ArchiveMode.OFF)
                .over(ExistingFiles.DELTA);
    }
}
