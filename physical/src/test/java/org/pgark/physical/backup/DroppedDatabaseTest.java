package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.Said;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

class DroppedDatabaseTest {
    @Test
    void aDatabaseThatIsDroppedByForceMeanwhileIsNothingToWarnOf() throws Exception {
        try (ArchivingCluster original = ArchivingCluster.started(17, options -> options);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            TestCluster cluster = original.cluster();
            cluster.execute("create database leaving");
            try (Connection inside = cluster.cluster().connect("leaving");
                    Statement statement = inside.createStatement()) {
                statement.execute("create function linger() returns event_trigger language plpgsql as"
                        + " $$ begin perform pg_sleep(60); end $$");
                statement.execute("create event trigger lingering on login execute function linger()");
                statement.execute("alter event trigger lingering enable always");
            }
            Said notes = new Said();
            Future<BackupOutcome> backup = threads.submit(() -> original.backup(UnaryOperator.identity(), notes));

            Waiting.until(
                    "the backup looks into the database",
                    () -> cluster.query(
                                    "select count(*) from pg_stat_activity where datname = 'leaving' and wait_event = 'PgSleep'")
                            .equals("1"));
            cluster.execute("drop database leaving with (force)");
            backup.get();

            assertThat(notes.warnings()).isEmpty();
        }
    }
}
