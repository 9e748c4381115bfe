package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.control.ControlFile;
import org.pgark.testkit.TestCluster;

/** Reads the WAL of real servers and asks the servers, and where there is one pg_waldump, what is in it. */
class WalOfServersTest {
    private static final Path PG_WALDUMP = Path.of("/usr/lib/postgresql/15/bin/pg_waldump");

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

    @Test
    void seesTheRecordsAndBlocksThatPgWaldumpSees() throws Exception {
        if (!Files.isExecutable(PG_WALDUMP)) {
            System.out.println("skipped: there is no " + PG_WALDUMP + " to compare the WAL reader with");
            Assumptions.abort("there is no " + PG_WALDUMP);
        }
        try (TestCluster cluster = cluster(15)) {
            cluster.execute("create table note (id bigint primary key, text text)");
            cluster.execute("insert into note select n, repeat('y', 500) from generate_series(1, 5000) n");
            cluster.execute("update note set text = 'z' where id % 3 = 0");
            cluster.execute("checkpoint");
            cluster.execute("create index on note (text)");
            cluster.execute("drop table note");
            cluster.stop(StopMode.FAST);

            WalReader reader = new WalReader(start(cluster));
            reader.feed(ByteBuffer.wrap(wal(cluster)));
            List<String> read = new ArrayList<>();
            while (reader.next()) {
                read.add(describe(reader.record()));
            }
            assertThat(read).hasSizeGreaterThan(10_000).isEqualTo(dumped(cluster));
        }
    }

    private static String describe(WalRecord record) {
        StringBuilder text = new StringBuilder()
                .append(record.start())
                .append(" after ")
                .append(record.previous())
                .append(" xid ")
                .append(Integer.toUnsignedString(record.transactionId()));
        WalBlocks blocks = record.blocks();
        for (int at = 0; at < blocks.count(); at++) {
            text.append(' ').append(blocks.tablespace(at)).append('/').append(blocks.database(at));
            text.append('/').append(blocks.relation(at)).append(" fork ").append(blocks.fork(at));
            text.append(" blk ").append(Integer.toUnsignedString(blocks.number(at)));
        }
        return text.toString();
    }

    private static List<String> dumped(TestCluster cluster) throws IOException, InterruptedException {
        Pattern record = Pattern.compile("rmgr: .* tx: +([0-9]+), lsn: ([0-9A-F/]+), prev ([0-9A-F/]+), .*");
        Pattern block = Pattern.compile("rel ([0-9/]+)(?: fork (\\w+))? blk ([0-9]+)");
        Process process = new ProcessBuilder(
                        PG_WALDUMP.toString(),
                        "--path=" + cluster.dataDirectory().resolve("pg_wal"),
                        "--start=" + start(cluster))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> records = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
                Matcher matcher = record.matcher(line.get());
                assertThat(matcher.matches()).as(line.get()).isTrue();
                StringBuilder text = new StringBuilder()
                        .append(Lsn.parse(matcher.group(2)))
                        .append(" after ")
                        .append(Lsn.parse(matcher.group(3)))
                        .append(" xid ")
                        .append(matcher.group(1));
                for (Matcher blocks =
                                block.matcher(line.get().substring(line.get().indexOf("desc:")));
                        blocks.find(); ) {
                    text.append(' ').append(blocks.group(1)).append(" fork ").append(fork(blocks.group(2)));
                    text.append(" blk ").append(blocks.group(3));
                }
                records.add(text.toString());
            }
        }
        process.waitFor();
        return records;
    }

    private static Optional<String> next(BufferedReader lines) {
        try {
            return Optional.ofNullable(lines.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int fork(@Nullable String name) {
        return name == null ? 0 : List.of("main", "fsm", "vm", "init").indexOf(name);
    }
}
