package org.pgark.physical.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.wal.CutSums;
import org.pgark.postgres.wal.WalChanges;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.archive.ArchivedNotes;
import org.pgark.testkit.TestCluster;

class KeptChangesTest {
    private static final CutSums NOT_CUT = new CutSums(0, 0, 0);
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    @SuppressWarnings("ArrayRecordComponent")
    private record Segment(WalSegmentName name, byte[] bytes) {}

    private static void work(TestCluster cluster) throws Exception {
        cluster.execute("create table item (id int primary key, text text)");
        cluster.execute("insert into item select n, repeat(md5(n::text), 4) from generate_series(1, 20000) n");
        cluster.execute("create table doomed as select * from item");
        cluster.execute("create database other");
        cluster.execute("update item set text = text || id where id % 7 = 0");
        cluster.execute("checkpoint");
        cluster.execute("update item set text = 'short' where id % 3 = 0");
        cluster.execute("delete from item where id > 15000");
        cluster.execute("vacuum item");
        cluster.execute("drop table doomed");
        cluster.execute("drop database other");
        cluster.execute("do $$ begin for n in 1..300 loop execute 'create table t' || n || ' (a int primary key)';"
                + " end loop; end $$");
        cluster.execute("do $$ begin for n in 1..300 loop execute 'drop table t' || n; end loop; end $$");
        cluster.execute("select pg_logical_emit_message(true, 'long', repeat('x', 3000000))");
        cluster.execute("create table late as select n, md5(n::text) from generate_series(1, 20000) n");
        cluster.execute("select pg_switch_wal()");
        cluster.execute("insert into late select n, 'more' from generate_series(1, 20000) n");
    }

    /** All that were filled, in order. */
    private static List<Segment> segments(TestCluster cluster) throws Exception {
        String current = cluster.switchWal();
        List<Segment> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(cluster.dataDirectory().resolve("pg_wal"))) {
            for (Path file : files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .sorted()
                    .toList()) {
                WalSegmentName name = WalSegmentName.parse(file.getFileName().toString());
                if (name.toString().compareTo(current) <= 0) {
                    segments.add(new Segment(name, Files.readAllBytes(file)));
                }
            }
        }
        return segments;
    }

    private static ArchivedNotes notes(Segment segment, PostgresMajor major) throws IOException {
        SegmentChangesCollector changes = new SegmentChangesCollector(major);
        WalFactsCollector collector = new WalFactsCollector(segment.name(), changes);
        collector.feed(ByteBuffer.wrap(segment.bytes()));
        WalFacts facts = collector.finish();
        return new ArchivedNotes(
                facts.encode(), changes.finish(facts, collector.cutSums()).map(SegmentChanges::encode));
    }

    private static List<Optional<ArchivedNotes>> allNotes(List<Segment> segments, PostgresMajor major)
            throws IOException {
        List<Optional<ArchivedNotes>> notes = new ArrayList<>();
        for (Segment segment : segments) {
            notes.add(Optional.of(notes(segment, major)));
        }
        return notes;
    }

    private static KeptChanges kept(List<Segment> segments, List<Optional<ArchivedNotes>> notes, PostgresMajor major) {
        KeptChanges kept = new KeptChanges(major, SIZE);
        kept.takeAll(segments.stream().map(Segment::name).toList(), notes);
        return kept;
    }

    /** What records change that begin in these segments, read from the WAL, which goes on in the one after. */
    private static byte[] read(List<Segment> segments, int count, PostgresMajor major) {
        ChangeCollector collector = new ChangeCollector();
        WalChanges changes = new WalChanges(major, PageChecksum.PAGE_BYTES, collector);
        Lsn end = segments.get(count).name().start(SIZE);
        WalReader reader = new WalReader(segments.getFirst().name().start(SIZE));
        for (Segment segment : segments) {
            reader.feed(ByteBuffer.wrap(segment.bytes()));
            while (reader.next()) {
                if (!reader.record().start().isBefore(end)) {
                    return form(collector.changes());
                }
                changes.read(reader.record());
            }
        }
        throw new AssertionError(reader.end().describe());
    }

    private static byte[] form(ChangeMap changes) {
        return new SegmentChanges(Lsn.ZERO, Lsn.ZERO, NOT_CUT, changes).encode();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void whatIsKeptBesideSegmentsIsWhatTheirRecordsSay(int version) throws Exception {
        try (TestCluster cluster = TestCluster.of(version)
                .walSegmentMegabytes(1)
                .with("autovacuum", "off")
                .with("wal_keep_size", "1GB")
                .with("max_wal_size", "1GB")
                .started()) {
            work(cluster);
            PostgresMajor major = PostgresMajor.of(version);
            List<Segment> segments = segments(cluster);
            List<Optional<ArchivedNotes>> notes = allNotes(segments, major);
            assertThat(segments).hasSizeGreaterThan(15);
            int counted = 0;
            for (int first = 0; first < segments.size() - 2; first++) {
                List<Segment> some = segments.subList(first, segments.size());
                KeptChanges kept = kept(some, notes.subList(first, segments.size()), major);
                if (kept.count() > 0) {
                    assertThat(form(kept.changes())).as("from %d", first).isEqualTo(read(some, kept.count(), major));
                }
                counted = Math.max(counted, kept.count());
            }
            assertThat(counted).isGreaterThan(10);
            for (int end = 2; end < segments.size(); end++) {
                KeptChanges kept = kept(segments.subList(0, end + 1), notes.subList(0, end + 1), major);
                if (kept.count() > 0) {
                    assertThat(form(kept.changes())).as("to %d", end).isEqualTo(read(segments, kept.count(), major));
                }
            }
            whatIsWrongInCutRecordsIsFound(segments, major);
            stopsWhereSomethingIsMissing(segments, notes, major);
        }
    }

    /** Of a record that a boundary cuts no reader of either segment alone sees that its CRC is wrong. */
    private static void whatIsWrongInCutRecordsIsFound(List<Segment> segments, PostgresMajor major) throws IOException {
        int tried = 0;
        for (int index = 1; index < segments.size() - 1; index++) {
            List<Segment> pair = segments.subList(index, index + 2);
            if (kept(pair, allNotes(pair, major), major).count() == 0) {
                continue;
            }
            WalFacts facts = WalFacts.decode(notes(pair.getFirst(), major).facts());
            if (facts.tail().present() == 0) {
                continue;
            }
            int at = (int) facts.tail().start().minus(pair.getFirst().name().start(SIZE));
            for (int offset = 4; offset < Math.min(52, facts.tail().present()); offset++) {
                byte[] rotten = pair.getFirst().bytes().clone();
                rotten[at + offset] ^= 4;
                List<Segment> wrong = List.of(new Segment(pair.getFirst().name(), rotten), pair.getLast());
                assertThat(kept(wrong, allNotes(wrong, major), major).count())
                        .as("byte %d of the record at %s", offset, facts.tail().start())
                        .isZero();
                tried++;
            }
            byte[] rotten = pair.getLast().bytes().clone();
            rotten[60] ^= 1;
            List<Segment> wrong =
                    List.of(pair.getFirst(), new Segment(pair.getLast().name(), rotten));
            assertThat(kept(wrong, allNotes(wrong, major), major).count()).isZero();
        }
        assertThat(tried).isGreaterThan(100);
    }

    private void stopsWhereSomethingIsMissing(
            List<Segment> segments, List<Optional<ArchivedNotes>> notes, PostgresMajor major) throws IOException {
        int at = kept(segments, notes, major).count() - 1;
        assertThat(at).isPositive();
        List<Optional<ArchivedNotes>> some = new ArrayList<>(notes);
        some.set(at, Optional.empty());
        assertThat(kept(segments, some, major).count()).isEqualTo(at - 1);
        some.set(at, Optional.of(new ArchivedNotes(notes.get(at).orElseThrow().facts(), Optional.empty())));
        assertThat(kept(segments, some, major).count()).isEqualTo(at - 1);
        some.set(at, notes.get(at + 1));
        assertThat(kept(segments, some, major).count()).isEqualTo(at - 1);
        some.set(at, Optional.of(new ArchivedNotes(notes.get(at).orElseThrow().facts(), Optional.of(new byte[] {9}))));
        assertThat(kept(segments, some, major).count()).isEqualTo(at - 1);
        byte[] changes = notes.get(at).orElseThrow().changes().orElseThrow();
        SegmentChanges decoded = SegmentChanges.decode(changes);
        byte[] otherHistory = new SegmentChanges(
                        decoded.previous().plus(8), decoded.last(), decoded.cut(), decoded.changes())
                .encode();
        some.set(at, Optional.of(new ArchivedNotes(notes.get(at).orElseThrow().facts(), Optional.of(otherHistory))));
        assertThat(kept(segments, some, major).count()).isEqualTo(at - 1);
    }

    @Test
    void nothingIsKeptOfSegmentsThatAreNotValidToTheirEnd() throws Exception {
        try (TestCluster cluster = TestCluster.of(18)
                .walSegmentMegabytes(1)
                .with("autovacuum", "off")
                .started()) {
            work(cluster);
            List<Segment> segments = segments(cluster);
            Segment whole = segments.get(segments.size() - 3);
            byte[] damaged = whole.bytes().clone();
            damaged[damaged.length / 2] ^= 1;
            assertThat(notes(whole, PostgresMajor.V18).changes()).isPresent();
            assertThat(notes(new Segment(whole.name(), damaged), PostgresMajor.V18)
                            .changes())
                    .isEmpty();
            byte[] unfilled = whole.bytes().clone();
            Arrays.fill(unfilled, unfilled.length / 2, unfilled.length, (byte) 0);
            assertThat(notes(new Segment(whole.name(), unfilled), PostgresMajor.V18)
                            .changes())
                    .isEmpty();
        }
    }

    @Test
    void theFormKeepsEverything() throws Exception {
        ChangeMap changes = new ChangeMap();
        changes.addBlock(1663, 5, -2, Fork.MAIN, 0);
        changes.addBlock(1663, 5, -2, Fork.MAIN, 1);
        changes.addBlock(1663, 5, -2, Fork.MAIN, 70);
        changes.addBlock(1663, 5, -2, Fork.MAIN, -1);
        changes.addBlock(1663, 5, 16384, Fork.INIT, 3);
        changes.addLimit(1663, 5, 16385, Fork.MAIN, -5);
        changes.addLimit(-1, 0, 1, Fork.MAIN, 0);
        changes.addDatabase(1663, 7);
        byte[] form = new SegmentChanges(new Lsn(-8), new Lsn(16), new CutSums(77, -3, 5), changes).encode();

        SegmentChanges decoded = SegmentChanges.decode(form);
        assertThat(decoded.previous()).isEqualTo(new Lsn(-8));
        assertThat(decoded.last()).isEqualTo(new Lsn(16));
        assertThat(decoded.cut()).isEqualTo(new CutSums(77, -3, 5));
        assertThat(decoded.encode()).isEqualTo(form);
        assertThat(decoded.changes().databases()).isEqualTo(changes.databases());
        assertThat(decoded.changes().relations()).hasSize(4).allSatisfy((relation, changed) -> {
            ChangeMap.Changes written =
                    Objects.requireNonNull(changes.relations().get(relation));
            assertThat(changed.blocks()).isEqualTo(written.blocks());
            assertThat(changed.limit()).isEqualTo(written.limit());
        });
    }
}
