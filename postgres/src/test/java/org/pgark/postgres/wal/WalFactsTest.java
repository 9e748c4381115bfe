package org.pgark.postgres.wal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;

class WalFactsTest {
    private static final long NOON_MICROS = 848_750_400_000_000L;
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final WalBuilder builder = new WalBuilder();

    @Test
    void tellsWhatIsInASegment() throws Exception {
        Lsn first = builder.noop(10);
        builder.commit(700, NOON_MICROS + 5);
        Lsn point = builder.restorePoint("before the upgrade", NOON_MICROS + 6);
        Lsn pointEnd = builder.position();
        builder.commit(705, NOON_MICROS + 1);
        Lsn last = builder.abort(-2, NOON_MICROS + 3);
        WalFacts facts = builder.facts(0);

        assertThat(facts.header())
                .isEqualTo(new WalSegmentHeader(
                        PostgresMajor.V15,
                        Timeline.FIRST,
                        WalBuilder.START,
                        WalBuilder.SYSTEM,
                        WalBuilder.SIZE,
                        WalBuilder.PAGE));
        assertThat(facts.records()).isEqualTo(5);
        assertThat(facts.firstRecord()).isEqualTo(first);
        assertThat(facts.end().position()).isEqualTo(builder.position());
        assertThat(facts.transactions().earliest()).isEqualTo(NOON.plusNanos(1000));
        assertThat(facts.transactions().latest()).isEqualTo(NOON.plusNanos(5000));
        assertThat(facts.transactions().last())
                .containsExactly(new TransactionEnd(-2, false, NOON.plusNanos(3000), last, builder.position()));
        assertThat(facts.transactions().ids().toArray()).containsExactly(700, 705, -2);
        assertThat(facts.restorePoints())
                .containsExactly(new RestorePoint("before the upgrade", NOON.plusNanos(6000), point, pointEnd));
        assertThat(facts.head()).isEqualTo(CutRecordHead.NONE);
        assertThat(facts.tail()).isEqualTo(CutRecordTail.NONE);
    }

    @Test
    void isEmptyForASegmentWithoutTransactions() throws Exception {
        builder.noop(1);
        WalFacts facts = builder.facts(0);
        assertThat(facts.transactions()).isEqualTo(TransactionFacts.NONE);
        assertThat(facts.transactions().isEmpty()).isTrue();
        assertThat(WalFacts.decode(facts.encode())).isEqualTo(facts);
    }

    @ParameterizedTest
    @EnumSource(PostgresMajor.class)
    void findsTheIdOfAPreparedTransactionBehindAllOtherParts(PostgresMajor major) throws Exception {
        int statisticsBytes = major == PostgresMajor.V18 ? 16 : 12;
        boolean hasStatistics = major.compareTo(PostgresMajor.V15) >= 0;
        ByteBuffer data = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(NOON_MICROS).putInt(0x1F | 0x80 | (hasStatistics ? 0x100 : 0));
        data.putInt(5).putInt(1663);
        data.putInt(2).putInt(801).putInt(802);
        data.putInt(1).position(data.position() + 12);
        if (hasStatistics) {
            data.putInt(2).position(data.position() + 2 * statisticsBytes);
        }
        data.putInt(3).position(data.position() + 3 * 16);
        data.putInt(4321).put("gid".getBytes(US_ASCII));
        WalBuilder versioned = new WalBuilder(major);
        versioned.append(1, 0x30 | 0x80, 9, WalBuilder.main(Arrays.copyOf(data.array(), data.position())));
        assertThat(versioned.facts(0).transactions().ids().toArray()).containsExactly(4321);
        assertThat(versioned.facts(0).transactions().last().getFirst().committed())
                .isTrue();
    }

    @Test
    void joinsACommitThatTheBoundaryCutsAnywhere() throws Exception {
        for (int room = 8; room < 40; room += 8) {
            WalBuilder cut = new WalBuilder();
            cut.fillUntil(room);
            Lsn start = cut.commit(700 + room, NOON_MICROS);
            TransactionEnd expected = new TransactionEnd(700 + room, true, NOON, start, cut.position());
            cut.noop(1);
            WalFacts before = WalFacts.decode(cut.facts(0).encode());
            WalFacts after = WalFacts.decode(cut.facts(1).encode());
            assertThat(before.transactions().isEmpty()).isTrue();
            assertThat(after.transactions().isEmpty()).isTrue();
            if (room < 34) {
                assertThat(after.transactionEndCutFrom(before))
                        .as("cut after %s bytes", room)
                        .contains(expected);
                assertThat(after.restorePointCutFrom(before)).isEmpty();
            }
            assertThat(before.end().position()).isEqualTo(start);
            assertThat(before.end().continues()).isTrue();
        }
    }

    @Test
    void joinsARestorePointThatTheBoundaryCuts() throws Exception {
        builder.fillUntil(48);
        Lsn start = builder.restorePoint("cut", NOON_MICROS);
        assertThat(builder.facts(1).restorePointCutFrom(builder.facts(0)))
                .contains(new RestorePoint("cut", NOON, start, builder.position()));
    }

    @Test
    void joinsACommitThatIsLongerThanASegment() throws Exception {
        builder.fillUntil(48);
        byte[] data = Arrays.copyOf(WalBuilder.time(NOON_MICROS), 2_500_000);
        Lsn start = builder.append(1, 0, 700, WalBuilder.main(data));
        assertThat(builder.facts(1).transactionEndCutFrom(builder.facts(0)))
                .contains(new TransactionEnd(700, true, NOON, start, builder.position()));
        assertThat(builder.facts(1).records()).isZero();
        assertThat(builder.facts(1).head().bytes().length()).isEqualTo(CutRecordTail.KEPT_BYTES);
        assertThat(builder.facts(2).transactionEndCutFrom(builder.facts(1))).isEmpty();
    }

    @Test
    void joinsNothingThatIsNotNeighboured() throws Exception {
        builder.fillUntil(8);
        builder.commit(700, NOON_MICROS);
        builder.fillUntil(8);
        builder.commit(701, NOON_MICROS);
        assertThat(builder.facts(2).transactionEndCutFrom(builder.facts(0))).isEmpty();
        assertThat(builder.facts(1).transactionEndCutFrom(builder.facts(1))).isEmpty();
    }

    @Test
    void keepsOnlyTheBeginningOfRecordsThatNoTargetIsMadeOf() throws Exception {
        builder.fillUntil(1600);
        Lsn start = builder.append(10, 0, 7, WalBuilder.main(new byte[3000]));
        CutRecordTail tail = builder.facts(0).tail();
        assertThat(tail.start()).isEqualTo(start);
        assertThat(tail.present()).isEqualTo(1600);
        assertThat(LittleEndian.integer(tail.bytes().toArray(), 0)).isEqualTo(3000 + 29);
        assertThat(tail.bytes().length()).isEqualTo(CutRecordTail.HEADERS_BYTES);
        assertThat(builder.facts(1).head().remaining()).isEqualTo(3000 + 29 - 1600);
        assertThat(builder.facts(0).goesOnIn(builder.facts(1))).isTrue();
    }

    @Test
    void keepsManyIdsInFewBytes() throws Exception {
        for (int xid = 1000; xid < 6000; xid++) {
            builder.commit(xid, NOON_MICROS + xid);
        }
        WalFacts facts = builder.facts(0);
        assertThat(facts.transactions().ids().size()).isEqualTo(5000);
        assertThat(facts.encode()).hasSizeLessThan(150);
        assertThat(WalFacts.decode(facts.encode())).isEqualTo(facts);
    }

    @Test
    void refusesWhatIsNotItsForm() throws Exception {
        builder.commit(700, NOON_MICROS);
        byte[] encoded = builder.facts(0).encode();
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> WalFacts.decode(cut)).isInstanceOf(DamagedFileException.class);
        }
        encoded[0] = 2;
        assertThatThrownBy(() -> WalFacts.decode(encoded))
                .hasMessage("damaged file \"WAL facts\": they are of version 2, which this pgark cannot read");
    }

    @Test
    void refusesSegmentsThatAreNotWhatTheirNameSays() throws Exception {
        builder.noop(1);
        WalSegmentName wrong = builder.name(3);
        WalFactsCollector collector = new WalFactsCollector(wrong);
        assertThatThrownBy(() -> collector.feed(ByteBuffer.wrap(builder.segment(0))))
                .isInstanceOf(WalSegmentMismatchException.class)
                .hasMessage("WAL segment \"" + wrong + "\" begins at 0/500000 by its header, not at 0/800000");
    }

    @Test
    void refusesTruncatedSegments() throws Exception {
        builder.noop(1);
        WalFactsCollector collector = new WalFactsCollector(builder.name(0));
        collector.feed(ByteBuffer.wrap(builder.segment(0), 0, 20_000));
        assertThatThrownBy(collector::finish)
                .isInstanceOf(WalSegmentMismatchException.class)
                .hasMessage("WAL segment \"" + builder.name(0) + "\" has 20000 bytes instead of 1048576");
        assertThatThrownBy(new WalFactsCollector(builder.name(0))::finish)
                .hasMessage("WAL segment \"" + builder.name(0) + "\" has only 0 bytes");
    }

    @Test
    void takesAnyChunksAndDirectBuffers() throws Exception {
        builder.fillUntil(8);
        builder.commit(700, NOON_MICROS);
        WalFactsCollector collector = new WalFactsCollector(builder.name(0));
        ByteBuffer direct = ByteBuffer.allocateDirect(1000);
        byte[] segment = builder.segment(0);
        for (int at = 0; at < segment.length; at += 13 + at % 900) {
            int size = Math.min(13 + at % 900, segment.length - at);
            collector.feed(direct.clear().put(segment, at, size).flip());
            assertThat(direct.hasRemaining()).isFalse();
        }
        assertThat(collector.finish()).isEqualTo(builder.facts(0));
    }

    @Test
    void findsTheExactRecordOfATarget() throws Exception {
        builder.commit(700, NOON_MICROS + 10);
        Lsn second = builder.commit(701, NOON_MICROS + 30);
        Lsn secondEnd = builder.position();
        Lsn third = builder.abort(702, NOON_MICROS + 20);
        TransactionEnd expected = new TransactionEnd(701, true, NOON.plusNanos(30_000), second, secondEnd);
        assertThat(WalSearch.endOf(701, wal(), WalBuilder.START)).contains(expected);
        assertThat(WalSearch.endOf(999, wal(), WalBuilder.START)).isEmpty();
        assertThat(WalSearch.firstAfter(NOON.plusNanos(15_000), true, wal(), WalBuilder.START))
                .contains(expected);
        assertThat(WalSearch.firstAfter(NOON.plusNanos(30_000), false, wal(), WalBuilder.START))
                .contains(expected);
        assertThat(WalSearch.firstAfter(NOON.plusNanos(30_000), true, wal(), WalBuilder.START))
                .isEmpty();
        assertThat(WalSearch.endOf(702, wal(), WalBuilder.START).map(TransactionEnd::start))
                .contains(third);
    }

    @Test
    void findsARecordThatTheBoundaryBetweenTwoSegmentsCuts() throws Exception {
        builder.fillUntil(16);
        Lsn start = builder.commit(700, NOON_MICROS);
        assertThat(WalSearch.endOf(700, wal(), WalBuilder.START).map(TransactionEnd::start))
                .contains(start);
    }

    private ByteArrayInputStream wal() {
        return new ByteArrayInputStream(builder.bytes());
    }

    @Test
    void describesRestorePointsWithLongNames() throws Exception {
        String name = "x".repeat(63);
        builder.restorePoint(name, NOON_MICROS);
        assertThat(builder.facts(0).restorePoints())
                .extracting(RestorePoint::name)
                .isEqualTo(List.of(name));
    }
}
