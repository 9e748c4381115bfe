package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.StopMode;
import org.pgark.testkit.TestCluster;

/** Many files and long ones. */
@Tag("slow")
class LargeClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int RELATIONS = 20_000;
    private static final int TABLES_AT_ONCE = 500;

    @Test
    void twentyThousandRelationsComeBack() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(
                // The question reads every table in one transaction.
                TestCluster.of(18)
                        .with("fsync", "off")
                        .with("max_wal_size", "4GB")
                        .with("max_locks_per_transaction", "1024"),
                18)) {
            TestCluster cluster = protectedCluster.cluster();
            for (int number = 0; number < RELATIONS; number += TABLES_AT_ONCE) {
                cluster.execute("DO $$ BEGIN FOR i IN " + number + ".." + (number + TABLES_AT_ONCE - 1)
                        + " LOOP EXECUTE format('CREATE TABLE t%s AS SELECT %s AS n', i, i); END LOOP; END $$");
            }
            compareAfterRestore(
                    protectedCluster,
                    "SELECT count(*) || ' ' || sum((xpath('//n/text()', query_to_xml('SELECT n FROM ' || relname,"
                            + " false, true, '')))[1]::text::bigint) FROM pg_class WHERE relname ~ '^t[0-9]+$'",
                    "20000 199990000");
        }
    }

    @Test
    void relationsOfMoreThanOneSegmentFileComeBack() throws Exception {
        try (ProtectedCluster protectedCluster =
                ProtectedCluster.started(TestCluster.of(13).with("fsync", "off").with("max_wal_size", "4GB"), 13)) {
            TestCluster cluster = protectedCluster.cluster();
            cluster.execute("CREATE TABLE long_one (n bigint, filler text)");
            cluster.execute("ALTER TABLE long_one ALTER filler SET STORAGE PLAIN");
            cluster.execute(
                    "INSERT INTO long_one SELECT n, repeat(md5(n::text), 230) FROM generate_series(1, 270000) n");
            String path = cluster.query("SELECT pg_relation_filepath('long_one')");
            assertThat(cluster.dataDirectory().resolve(path + ".1")).isNotEmptyFile();
            assertThat(cluster.dataDirectory().resolve(path + ".2")).isNotEmptyFile();
            compareAfterRestore(
                    protectedCluster,
                    "SELECT count(*) || ' ' || sum(n) || ' ' || sum(hashtext(filler)::bigint) FROM long_one",
                    cluster.query("SELECT count(*) || ' ' || sum(n) || ' ' || sum(hashtext(filler)::bigint)"
                            + " FROM long_one"));
        }
    }

    private static void compareAfterRestore(ProtectedCluster protectedCluster, String question, String answer)
            throws IOException, SQLException {
        protectedCluster.pgark("backup").mustSucceed();
        protectedCluster.pgark("verify").mustSucceed();
        Path place = protectedCluster.place("restored");
        protectedCluster
                .pgark("restore", "--to", place.toString(), "--immediate")
                .mustSucceed();
        Cluster server = protectedCluster.launchRestored(place);
        server.start(PATIENCE);
        server.awaitPrimary(PATIENCE);
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            assertThat(row.getString(1)).isEqualTo(answer);
        }
        server.stop(StopMode.IMMEDIATE);
        FileTree.delete(place);
    }
}
