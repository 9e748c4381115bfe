package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.control.ControlFile;
import org.pgark.testkit.TestCluster;

/** Reads the WAL of real servers and asks the servers what is in it. */
class WalOfServersTest {
    private static TestCluster cluster(int major) throws IOException, SQLException {
        return TestCluster.of(major)
                .walSegmentMegabytes(1)
                .with("wal_keep_size", "1GB")
                .with("wal_compression", major % 2 == 0 ? "on" : "off")
                .with("max_prepared_transactions", "5")
                .with("track_commit_timestamp", "on")
                .started();
    }

    private static List<Path> segments(TestCluster cluster) throws IOException {
        try (Stream<Path> files = Files.list(cluster.dataDirectory().resolve("pg_wal"))) {
            return files.filter(file -> WalSegmentName.isName(fileName(file)))
                    .sorted()
                    .toList();
        }
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** The facts of all segments up to the one in which valid WAL ends. */
    private static List<WalFacts> facts(TestCluster cluster) throws IOException {
        ControlFile control = ControlFile.read(cluster.dataDirectory());
        List<WalFacts> all = new ArrayList<>();
        for (Path file : segments(cluster)) {
            WalSegmentName name = WalSegmentName.parse(fileName(file));
            byte[] content = Files.readAllBytes(file);
            if (!WalSegmentHeader.read(name, content).pageAddress().equals(name.start(control.walSegmentSize()))) {
                break;
            }
            WalFactsCollector collector = new WalFactsCollector(name);
            collector.feed(ByteBuffer.wrap(content));
            WalFacts facts = collector.finish();
            facts.header()
                    .check(name, content.length, control.systemIdentifier(), control.major(), control.walSegmentSize());
            assertThat(WalFacts.decode(facts.encode())).isEqualTo(facts);
            all.add(facts);
            if (!facts.end().continues()) {
                break;
            }
        }
        return all;
    }

    private static Set<Integer> endedTransactions(List<WalFacts> facts) {
        Set<Integer> ended = new HashSet<>();
        for (int at = 0; at < facts.size(); at++) {
            for (int id : facts.get(at).transactions().ids().toArray()) {
                ended.add(id);
            }
            if (at > 0) {
                facts.get(at).transactionEndCutFrom(facts.get(at - 1)).ifPresent(end -> ended.add(end.xid()));
            }
        }
        return ended;
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void tellsWhatTheServerDid(int major) throws Exception {
        checkAgainstServer(major);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17})
    void tellsWhatTheOtherServersDid(int major) throws Exception {
        checkAgainstServer(major);
    }

    private static void checkAgainstServer(int major) throws Exception {
        try (TestCluster cluster = cluster(major)) {
            cluster.execute("create table note (id bigint generated always as identity primary key, text text)");
            cluster.execute("alter table note alter text set storage external");
            Set<Integer> ids = new HashSet<>();
            for (int round = 0; round < 500; round++) {
                ids.add(Integer.parseInt(cluster.query(
                        "insert into note (text) values (repeat('x', 7000)) returning pg_current_xact_id()::text")));
            }
            Lsn point = Lsn.parse(cluster.query("select pg_create_restore_point('here')::text"));
            int prepared = prepare(cluster, "commit prepared 'one'");
            int rolledBack = prepare(cluster, "rollback prepared 'one'");
            int last = Integer.parseInt(
                    cluster.query("insert into note (text) values ('last') returning pg_current_xact_id()::text"));
            String time = cluster.query("select (extract(epoch from pg_xact_commit_timestamp('" + last
                    + "'::xid)) * 1000000)::bigint::text");
            cluster.stop(StopMode.FAST);

            List<WalFacts> facts = facts(cluster);
            assertThat(facts).hasSizeGreaterThan(3);
            assertThat(endedTransactions(facts)).containsAll(ids).contains(prepared, rolledBack, last);
            assertThat(restorePoints(facts)).extracting(RestorePoint::end).containsExactly(point);

            TransactionEnd end = find(cluster, last);
            assertThat(end.committed()).isTrue();
            assertThat(end.time()).isEqualTo(Instant.EPOCH.plus(Long.parseLong(time), ChronoUnit.MICROS));
            assertThat(find(cluster, rolledBack).committed()).isFalse();
            assertThat(find(cluster, prepared).committed()).isTrue();
            assertThat(lastRecord(cluster))
                    .isEqualTo(ControlFile.read(cluster.dataDirectory()).checkpoint());
        }
    }

    private static int prepare(TestCluster cluster, String end) throws SQLException {
        cluster.execute("begin");
        cluster.execute("insert into note (text) values ('prepared')");
        String id = cluster.query("select pg_current_xact_id()::text");
        cluster.execute("prepare transaction 'one'");
        cluster.execute(end);
        return Integer.parseInt(id);
    }

    private static List<RestorePoint> restorePoints(List<WalFacts> facts) {
        List<RestorePoint> points = new ArrayList<>();
        for (int at = 0; at < facts.size(); at++) {
            if (at > 0) {
                facts.get(at).restorePointCutFrom(facts.get(at - 1)).ifPresent(points::add);
            }
            points.addAll(facts.get(at).restorePoints());
        }
        return points;
    }

    private static TransactionEnd find(TestCluster cluster, int xid) throws IOException {
        byte[] wal = wal(cluster);
        return WalSearch.endOf(xid, new ByteArrayInputStream(wal), start(cluster))
                .orElseThrow();
    }

    private static Lsn start(TestCluster cluster) throws IOException {
        return WalSegmentName.parse(fileName(segments(cluster).getFirst()))
                .start(ControlFile.read(cluster.dataDirectory()).walSegmentSize());
    }

    private static byte[] wal(TestCluster cluster) throws IOException {
        ByteArrayOutputStream wal = new ByteArrayOutputStream();
        for (Path segment : segments(cluster)) {
            wal.writeBytes(Files.readAllBytes(segment));
        }
        return wal.toByteArray();
    }

    private static Lsn lastRecord(TestCluster cluster) throws IOException {
        WalReader reader = new WalReader(start(cluster));
        reader.feed(ByteBuffer.wrap(wal(cluster)));
        Lsn last = Lsn.ZERO;
        while (reader.next()) {
            last = reader.record().start();
        }
        assertThat(reader.hasEnded()).isTrue();
        assertThat(reader.end().reason()).isIn(WalEnd.Reason.ZEROES, WalEnd.Reason.RECYCLED);
        return last;
    }
}
