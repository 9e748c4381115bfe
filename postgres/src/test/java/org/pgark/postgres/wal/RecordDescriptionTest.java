package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.describe.BlockReferences;
import org.pgark.postgres.wal.describe.RecordDescription;
import org.pgark.postgres.wal.dump.SegmentFolder;
import org.pgark.testkit.TestCluster;

/** Says of the records of real servers what the servers say of them through pg_walinspect. */
class RecordDescriptionTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?( [A-Z]\\S*?|[+-][\\d:]+)(?=;|\\)|$)");

    private record Told(String kind, String description, String blocks) {}

    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    void saysOfEachRecordWhatTheServerSays(int major) throws Exception {
        try (TestCluster cluster = WalWorkload.cluster(major).started()) {
            WalWorkload.prepare(cluster);
            cluster.execute("create extension pg_walinspect");
            Lsn start = Lsn.parse(cluster.query("select pg_current_wal_flush_lsn()"));
            WalWorkload.run(cluster, major);
            cluster.execute("create table last (n int)");
            Lsn end = Lsn.parse(cluster.query("select pg_current_wal_flush_lsn()"));

            Map<Lsn, Told> said = whatTheServerSays(cluster, start, end);
            List<String> differences = new ArrayList<>();
            int records = compare(cluster, start, end, said, differences);

            assertThat(differences).isEmpty();
            assertThat(records).isEqualTo(said.size()).isGreaterThan(3000);
        }
    }

    private static Map<Lsn, Told> whatTheServerSays(TestCluster cluster, Lsn start, Lsn end) throws SQLException {
        Map<Lsn, Told> said = new HashMap<>();
        try (Connection connection = cluster.cluster().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select start_lsn, resource_manager || ' ' || record_type,"
                        + " coalesce(description, ''), ltrim(coalesce(block_ref, '')) from pg_get_wal_records_info('"
                        + start + "', '" + end
                        + "')")) {
            while (rows.next()) {
                said.put(
                        Lsn.parse(rows.getString(1)),
                        new Told(rows.getString(2), withoutTimes(rows.getString(3)), rows.getString(4)));
            }
        }
        return said;
    }

    private static int compare(TestCluster cluster, Lsn start, Lsn end, Map<Lsn, Told> said, List<String> differences)
            throws IOException {
        int records = 0;
        try (SegmentFolder folder = new SegmentFolder(
                cluster.dataDirectory().resolve("pg_wal"), Timeline.FIRST, SIZE, Optional.of(end), false)) {
            WalCursor cursor = new WalCursor(folder, SIZE);
            assertThat(cursor.find(start)).isPresent();
            while (cursor.next()) {
                records++;
                Told own = describe(cursor.major(), cursor.record());
                Told other = said.get(cursor.position());
                if (!own.equals(other) && differences.size() < 20) {
                    differences.add(cursor.position() + "\n  " + own + "\n  " + other);
                }
            }
        }
        return records;
    }

    private static Told describe(PostgresMajor major, WalRecord record) {
        StringBuilder description = new StringBuilder();
        RecordDescription.appendDetails(description, major, record);
        StringBuilder blocks = new StringBuilder();
        BlockReferences.appendLines(blocks, major, record.blocks());
        return new Told(
                RecordDescription.manager(record.resourceManager()) + " "
                        + RecordDescription.kind(major, record.resourceManager(), record.info()),
                withoutTimes(description.toString()),
                blocks.toString().strip().replace("\n\t", " "));
    }

    private static String withoutTimes(String text) {
        return TIME.matcher(text).replaceAll("TIME");
    }
}
