package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalEnd.Reason;

class WalReaderTest {
    private final WalBuilder builder = new WalBuilder();
    private final List<Lsn> written = new ArrayList<>();
    private final List<Lsn> read = new ArrayList<>();

    private WalReader read(byte[] wal, Lsn start, int chunk) {
        WalReader reader = new WalReader(start);
        for (int at = 0; at < wal.length; at += chunk) {
            reader.feed(ByteBuffer.wrap(wal, at, Math.min(chunk, wal.length - at)));
            while (reader.next()) {
                read.add(reader.record().start());
            }
        }
        return reader;
    }

    private WalEnd read() {
        return read(builder.bytes(), WalBuilder.START, 1 << 16).end();
    }

    private static void put(byte[] wal, Lsn position, int value) {
        ByteBuffer.wrap(wal).order(ByteOrder.LITTLE_ENDIAN).putInt((int) position.minus(WalBuilder.START), value);
    }

    @Test
    void readsRecordsUntilOnlyZeroesFollow() {
        written.add(builder.noop(10));
        written.add(builder.commit(700, 1));
        assertThat(read()).isEqualTo(new WalEnd(builder.position(), Reason.ZEROES, "only zeroes follow"));
        assertThat(read).isEqualTo(written);
        assertThat(read().describe()).isEqualTo("valid WAL ends at 0/500078: only zeroes follow");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096, 8192, 100_000, 8 << 20})
    void readsTheSameWhateverTheChunks(int chunk) {
        for (int size = 0; size < 900; size++) {
            written.add(builder.noop(size * 7 % 3000));
        }
        written.add(builder.noop(1_300_000));
        written.add(builder.noop(5));
        assertThat(read(builder.bytes(), WalBuilder.START, chunk).end().position())
                .isEqualTo(builder.position());
        assertThat(read).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24, 32})
    void readsHeadersThatAPageBoundarySplits(int room) {
        builder.fillUntil(5 * WalBuilder.PAGE + room);
        Lsn start = builder.commit(700, 99);
        Lsn end = builder.position();
        WalReader reader = new WalReader(WalBuilder.START);
        reader.feed(ByteBuffer.wrap(builder.bytes()));
        while (reader.next() && reader.record().start().isBefore(start)) {
            read.add(reader.record().start());
        }
        assertThat(reader.record().start()).isEqualTo(start);
        assertThat(reader.record().end()).isEqualTo(end);
        assertThat(reader.record().transactionId()).isEqualTo(700);
        assertThat(reader.record().previous()).isEqualTo(read.getLast());
        assertThat(reader.record().mainDataLong(0)).isEqualTo(99);
        assertThat(reader.record().length()).isEqualTo(34);
    }

    @Test
    void passesOverARecordThatBeganBeforeTheFirstSegment() {
        builder.fillUntil(160);
        builder.noop(20_000);
        written.add(builder.noop(1));
        WalReader reader = read(
                Arrays.copyOfRange(builder.bytes(), WalBuilder.SIZE.bytes(), 2 * WalBuilder.SIZE.bytes()),
                WalBuilder.START.plus(WalBuilder.SIZE.bytes()),
                5000);
        assertThat(read).isEqualTo(written);
        assertThat(reader.end().reason()).isEqualTo(Reason.ZEROES);
    }

    @Test
    void goesOnAfterARecordThatACrashedServerGaveUp() {
        written.add(builder.noop(100));
        written.add(builder.overwrite(builder.appendAbandoned(20_000)));
        written.add(builder.noop(1));
        assertThat(read().position()).isEqualTo(builder.position());
        assertThat(read).isEqualTo(written);
    }

    @Test
    void goesOnInTheNextSegmentAfterASwitch() {
        written.add(builder.noop(100));
        written.add(builder.switchSegment());
        assertThat(read()).isEqualTo(new WalEnd(WalBuilder.START.plus(WalBuilder.SIZE.bytes()), Reason.SWITCH, ""));
        assertThat(read().continues()).isTrue();
        read.clear();
        written.add(builder.noop(3));
        assertThat(read().position()).isEqualTo(builder.position());
        assertThat(read).isEqualTo(written);
    }

    @Test
    void followsATimelineThatBeginsInMidSegment() {
        builder.fillUntil(WalBuilder.SIZE.bytes() - WalBuilder.PAGE);
        builder.onTimeline(2);
        Lsn start = builder.noop(1);
        read();
        assertThat(read).contains(start);
    }

    @Test
    void endsWhereAPageIsLeftOverFromAnOlderSegment() {
        builder.fillUntil(0);
        byte[] wal = builder.bytes();
        put(wal, WalBuilder.START.plus(16_384 + 8), 0x30_4000);
        assertThat(read(Arrays.copyOf(wal, 24_576), WalBuilder.START, 8192).end())
                .isEqualTo(new WalEnd(
                        WalBuilder.START.plus(16_384),
                        Reason.RECYCLED,
                        "the page at 0/504000 is left over from 0/304000"));
    }

    @Test
    void saysThatAPageIsMissingWhereTheWalGoesOnBehindIt() {
        builder.fillUntil(0);
        byte[] wal = builder.bytes();
        put(wal, WalBuilder.START.plus(16_384 + 8), 0x30_4000);
        assertThat(read(wal, WalBuilder.START, 8192).end())
                .isEqualTo(new WalEnd(
                        WalBuilder.START.plus(16_384),
                        Reason.INVALID,
                        "there is nothing at 0/504000, although WAL goes on at 0/506000"));
        Arrays.fill(wal, 16_384, 32_768, (byte) 0);
        assertThat(read(wal, WalBuilder.START, 8192).stop())
                .isEqualTo(new WalStop.Hole(Lsn.parse("0/504000"), Lsn.parse("0/508000")));
        Arrays.fill(wal, 16_000, 16_384, (byte) 0);
        assertThat(read(wal, WalBuilder.START, 1 << 20).stop()).isInstanceOf(WalStop.Hole.class);
    }

    @Test
    void saysThatTheFirstPageIsMissing() {
        builder.fillUntil(0);
        byte[] wal = builder.bytes();
        Arrays.fill(wal, 0, 40, (byte) 0);
        assertThat(read(wal, WalBuilder.START, 8192).stop()).isEqualTo(new WalStop.NoSegmentHeader(WalBuilder.START));
        Arrays.fill(wal, 0, 8192, (byte) 0);
        assertThat(read(wal, WalBuilder.START, 5000).stop())
                .isEqualTo(new WalStop.Hole(WalBuilder.START, WalBuilder.START.plus(8192)));
    }

    @Test
    void endsWhereAPageBelongsElsewhere() {
        builder.fillUntil(0);
        byte[] wal = builder.bytes();
        System.arraycopy(wal, 40_960, wal, 16_384, 8192);
        assertThat(read(wal, WalBuilder.START, 8192).stop())
                .isEqualTo(new WalStop.MisplacedPage(Lsn.parse("0/504000"), Lsn.parse("0/50A000")));
    }

    @Test
    void endsWhereTheWrongRecordIsOverwritten() {
        builder.noop(100);
        Lsn cut = builder.appendAbandoned(20_000);
        Lsn bad = builder.overwrite(cut.plus(8));
        assertThat(read().detail())
                .isEqualTo("the record at " + bad + " does not say that it takes the place of the one at " + cut);
        assertThat(read(builder.bytes(), WalBuilder.START, 8192).stop())
                .isEqualTo(new WalStop.NotOverwritten(bad, cut));
    }

    @Test
    void endsWhereTheTimelineGoesBack() {
        builder.onTimeline(3);
        builder.fillUntil(0);
        byte[] wal = builder.bytes();
        put(wal, WalBuilder.START.plus(8192 + 4), 2);
        assertThat(read(wal, WalBuilder.START, 8192).end().detail())
                .isEqualTo("the page at 0/502000 is of timeline 2, the one before it of 3");
    }

    @Test
    void endsWhereAPageHasNoHeader() {
        builder.fillUntil(0);
        byte[] wal = builder.bytes();
        put(wal, WalBuilder.START.plus(8192), 0x12345678);
        assertThat(read(wal, WalBuilder.START, 8192).end().detail()).isEqualTo("there is no page header at 0/502000");
    }

    @Test
    void endsWhereARecordIsNotContinued() {
        Lsn last = builder.noop(10_000);
        byte[] wal = builder.bytes();
        put(wal, WalBuilder.START.plus(8192 + 16), 77);
        assertThat(read(wal, WalBuilder.START, 8192).end())
                .isEqualTo(new WalEnd(
                        WalBuilder.START,
                        Reason.INVALID,
                        "the page at 0/502000 does not continue the record before it"));
        assertThat(last).isGreaterThan(WalBuilder.START);
    }

    @Test
    void endsAtAWrongCrc() {
        builder.noop(10);
        Lsn bad = builder.noop(10);
        byte[] wal = builder.bytes();
        put(wal, bad.plus(28), 1);
        assertThat(read(wal, WalBuilder.START, 8192).end())
                .isEqualTo(new WalEnd(bad, Reason.INVALID, "the record at " + bad + " has a wrong CRC"));
        assertThat(read).hasSize(1);
    }

    @Test
    void endsAtAWrongCrcOfARecordThatCrossesPages() {
        Lsn bad = builder.noop(20_000);
        byte[] wal = builder.bytes();
        put(wal, bad.plus(10_000), 1);
        assertThat(read(wal, WalBuilder.START, 8192).end().detail())
                .isEqualTo("the record at " + bad + " has a wrong CRC");
    }

    @Test
    void endsAtARecordThatDoesNotFollowTheOneBefore() {
        builder.noop(10);
        Lsn bad = builder.noop(10);
        byte[] wal = builder.bytes();
        put(wal, bad.plus(8), 0x500);
        assertThat(read(wal, WalBuilder.START, 8192).end().detail())
                .isEqualTo("the record at " + bad + " says that 0/500 comes before it");
    }

    @Test
    void endsAtAnInvalidLength() {
        Lsn bad = builder.noop(10);
        byte[] wal = builder.bytes();
        put(wal, bad, 23);
        assertThat(read(wal, WalBuilder.START, 8192).end().detail())
                .isEqualTo("the record at " + bad + " has the invalid length 23");
        put(wal, bad, -1);
        assertThat(read(wal, WalBuilder.START, 8192).end().detail())
                .isEqualTo("the record at " + bad + " has the invalid length 4294967295");
        put(wal, bad, 0);
        assertThat(read(wal, WalBuilder.START, 8192).end().reason()).isEqualTo(Reason.INVALID);
    }

    @Test
    void endsAtAnUnknownResourceManager() {
        Lsn bad = builder.append(22, 0, 0, new byte[0]);
        assertThat(read().detail()).isEqualTo("the record at " + bad + " has the unknown resource manager 22");
    }

    @Test
    void readsRecordsOfExtensions() {
        builder.append(128, 0, 0, WalBuilder.main(new byte[3]));
        assertThat(read().reason()).isEqualTo(Reason.ZEROES);
        assertThat(read).hasSize(1);
    }

    @Test
    void endsAtOnceWhereThereIsNoSegment() {
        assertThat(read(new byte[8192], WalBuilder.START, 8192).end())
                .isEqualTo(new WalEnd(WalBuilder.START, Reason.ZEROES, "only zeroes follow"));
        byte[] noise = new byte[8192];
        Arrays.fill(noise, (byte) 3);
        assertThat(read(noise, WalBuilder.START, 8192).end())
                .isEqualTo(new WalEnd(WalBuilder.START, Reason.INVALID, "there is no segment's header at 0/500000"));
    }

    @Test
    void keepsTheBeginningOfAHugeRecord() {
        WalReader reader = new WalReader(WalBuilder.START);
        builder.noop(3 << 20);
        reader.feed(ByteBuffer.wrap(builder.bytes()));
        assertThat(reader.next()).isTrue();
        assertThat(reader.record().length()).isEqualTo((3 << 20) + 29);
        assertThat(reader.record().mainDataBytes()).isEqualTo(3 << 20);
    }

    @ParameterizedTest
    @EnumSource(PostgresMajor.class)
    void readsBlockReferencesOfEveryVersion(PostgresMajor major) {
        boolean old = major.compareTo(PostgresMajor.V15) < 0;
        WalBuilder versioned = new WalBuilder(major);
        ByteBuffer body = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        // An image with a hole, compressed, so that the hole's length is told, and two bytes of data.
        body.put((byte) 0).put((byte) (0x10 | 0x20)).putShort((short) 2);
        body.putShort((short) 30)
                .putShort((short) 100)
                .put((byte) (0x01 | (old ? 0x02 : 0x04)))
                .putShort((short) 50);
        body.putInt(1663).putInt(5).putInt(16384).putInt(77);
        // An image with a hole, not compressed.
        body.put((byte) 1).put((byte) (0x10 | 0x80 | 2)).putShort((short) 0);
        body.putShort((short) 40).putShort((short) 100).put((byte) (0x01 | (old ? 0x04 : 0x02)));
        body.putInt(-1);
        body.put((byte) 3)
                .put((byte) 0x40)
                .putShort((short) 0)
                .putInt(1664)
                .putInt(0)
                .putInt(1262)
                .putInt(0);
        body.put((byte) 253).putShort((short) 1).put((byte) 252).putInt(900);
        body.put((byte) 255).put((byte) 4);
        body.position(body.position() + 2 + 30 + 40).putInt(0xCAFE);
        versioned.append(10, 0, 901, Arrays.copyOf(body.array(), body.position()));

        WalReader reader = new WalReader(WalBuilder.START);
        reader.feed(ByteBuffer.wrap(versioned.bytes()));
        assertThat(reader.next()).as(reader.end().describe()).isTrue();
        WalBlocks blocks = reader.record().blocks();
        assertThat(blocks.count()).isEqualTo(3);
        assertThat(reader.record().mainDataInt(0)).isEqualTo(0xCAFE);
        assertThat(List.of(blocks.tablespace(0), blocks.database(0), blocks.relation(0), blocks.number(0)))
                .containsExactly(1663, 5, 16384, 77);
        assertThat(List.of(blocks.tablespace(1), blocks.relation(1), blocks.fork(1), blocks.number(1)))
                .containsExactly(1663, 16384, 2, -1);
        assertThat(List.of(blocks.tablespace(2), blocks.database(2), blocks.relation(2)))
                .containsExactly(1664, 0, 1262);
        assertThat(blocks.hasImage(1)).isTrue();
        assertThat(blocks.hasImage(2)).isFalse();
        assertThat(blocks.isInitialised(2)).isTrue();
    }

    @Test
    void endsAtARecordWhoseHeadersDoNotAddUp() {
        Lsn bad = builder.append(10, 0, 1, new byte[] {(byte) 255, 9, 1});
        assertThat(read().detail()).isEqualTo("the record at " + bad + " has 1 bytes of data where its headers say 9");
    }

    @Test
    void endsWithoutAnExceptionWhateverIsDamaged() {
        builder.fillUntil(4 * WalBuilder.PAGE);
        builder.noop(100_000);
        byte[] sound = builder.bytes();
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 400; round++) {
            byte[] wal = Arrays.copyOf(sound, 64 << 10);
            for (int damage = 0; damage < 3; damage++) {
                // Mostly where the headers of pages are, since CRCs do not cover them.
                int page = random.nextInt(8) * WalBuilder.PAGE;
                int at = random.nextBoolean() ? random.nextInt(80) : random.nextInt(WalBuilder.PAGE);
                wal[page + at] = (byte) random.nextInt();
            }
            WalEnd end = read(wal, WalBuilder.START, 8192).end();
            assertThat(end.position()).isBetween(WalBuilder.START, WalBuilder.START.plus(wal.length));
        }
    }
}
