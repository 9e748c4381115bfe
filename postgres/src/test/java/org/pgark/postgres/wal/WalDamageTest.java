package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;

/**
 * Damages WAL at random and reads it. Whatever the damage is: the records that are read are the first ones that were
 * written, unchanged, and where one is missing the reader says that valid WAL ends, and why.
 */
class WalDamageTest {
    private static final int PAGE = WalBuilder.PAGE;
    private static final int SEGMENT = WalBuilder.SIZE.bytes();

    /** One record as it was written, told by position and content. */
    private record Seen(long start, long end, long content) {}

    private static final class NoVisitor implements WalChangeVisitor {
        @Override
        public void blockChanged(int tablespace, int database, int relation, int fork, int block) {}

        @Override
        public void changed(Lsn at, WalChange change) {}
    }

    @Test
    void noDamageIsPassedOver() {
        damage(700, 20_261_122);
    }

    @Tag("slow")
    @Test
    void noDamageIsPassedOverInManyTrials() {
        damage(20_000, System.nanoTime());
    }

    @Test
    void recordsThatMeanNothingDoNoHarm() {
        forge(40, 8);
    }

    @Tag("slow")
    @Test
    void manyRecordsThatMeanNothingDoNoHarm() {
        forge(3000, System.nanoTime());
    }

    private static void damage(int trials, long firstSeed) {
        byte[] sound = wal(new SplittableRandom(firstSeed)).bytes();
        List<Seen> written = new ArrayList<>();
        WalReader whole = read(sound, sound.length, written, new SplittableRandom(1));
        assertThat(whole.stop()).isInstanceOf(WalStop.Zeroes.class);
        assertThat(written).hasSizeGreaterThan(1500);
        for (int trial = 0; trial < trials; trial++) {
            long seed = firstSeed + trial;
            SplittableRandom random = new SplittableRandom(seed);
            byte[] damaged = sound.clone();
            int length = damage(damaged, random);
            List<Seen> read = new ArrayList<>();
            WalReader reader = read(damaged, length, read, random);
            try {
                check(sound, damaged, length, written, read, reader);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed + ", stopped by " + reader.stop(), e);
            }
        }
    }

    private static void check(
            byte[] sound, byte[] damaged, int length, List<Seen> written, List<Seen> read, WalReader reader) {
        assertThat(read.size()).isLessThanOrEqualTo(written.size());
        assertThat(read).isEqualTo(written.subList(0, read.size()));
        if (read.size() == written.size()) {
            return;
        }
        Seen missing = written.get(read.size());
        assertThat(reader.end().position().value()).isLessThanOrEqualTo(missing.start());
        long at = WalBuilder.START.value();
        switch (reader.stop()) {
            case WalStop.InputEnded _, WalStop.Switched _ ->
                assertThat(missing.end() - at).as("what was not fed").isGreaterThan((long) (length - length % PAGE));
            case WalStop.Zeroes zeroes ->
                assertThat(isZero(damaged, (int) (zeroes.at().value() - at), length))
                        .isTrue();
            case WalStop.LeftOver page ->
                assertThat(isSame(sound, damaged, (int) (page.page().value() - at), length))
                        .isFalse();
            case WalStop.Damage damage -> assertThat(damage.detail()).isNotEmpty();
        }
    }

    /** Whether a page holds only zeroes from a place on, and all pages behind it are none of this WAL. */
    private static boolean isZero(byte[] wal, int from, int length) {
        int pageEnd = Math.min(length, (from / PAGE + 1) * PAGE);
        for (int at = from; at < pageEnd; at++) {
            if (wal[at] != 0) {
                return false;
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(wal).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = pageEnd; page + PAGE <= length; page += PAGE) {
            if (bytes.getShort(page) == (short) PostgresMajor.V15.walPageMagic()
                    && (bytes.getShort(page + 2) & ~15) == 0
                    && bytes.getLong(page + 8) == WalBuilder.START.value() + page) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(byte[] sound, byte[] damaged, int from, int length) {
        return Arrays.equals(sound, from, length, damaged, from, length);
    }

    /** Damages in one way; tells how much of it is to be fed. */
    private static int damage(byte[] wal, SplittableRandom random) {
        int pages = wal.length / PAGE;
        switch (random.nextInt(9)) {
            case 0 -> {
                for (int flips = random.nextInt(8); flips >= 0; flips--) {
                    wal[random.nextInt(wal.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> {
                return random.nextInt(wal.length);
            }
            case 2 -> swap(wal, random.nextInt(pages) * PAGE, random.nextInt(pages) * PAGE, PAGE);
            case 3 -> {
                int from = random.nextInt(wal.length);
                Arrays.fill(wal, from, Math.min(wal.length, from + random.nextInt(1, 40_000)), (byte) 0);
            }
            case 4 -> {
                int from = random.nextInt(pages) * PAGE;
                Arrays.fill(wal, from, Math.min(wal.length, from + random.nextInt(1, 30) * PAGE), (byte) 0);
            }
            case 5 -> {
                byte[] garbage = new byte[random.nextInt(1, 20_000)];
                random.nextBytes(garbage);
                int from = random.nextInt(wal.length - garbage.length);
                System.arraycopy(garbage, 0, wal, from, garbage.length);
            }
            case 6 -> {
                int from = random.nextInt(wal.length - PAGE) & ~7;
                int size = random.nextInt(1, PAGE);
                System.arraycopy(wal, random.nextInt(wal.length - PAGE) & ~7, wal, from, size);
            }
            case 7 -> {
                int header = random.nextInt(pages) * PAGE + random.nextInt(40);
                wal[header] ^= (byte) (1 << random.nextInt(8));
            }
            default -> {
                int page = random.nextInt(pages) * PAGE;
                ByteBuffer bytes = ByteBuffer.wrap(wal).order(ByteOrder.LITTLE_ENDIAN);
                bytes.putLong(page + 8, bytes.getLong(page + 8) - (long) random.nextInt(1, 4) * SEGMENT);
            }
        }
        return wal.length;
    }

    private static void swap(byte[] wal, int one, int other, int size) {
        byte[] kept = Arrays.copyOfRange(wal, one, one + size);
        System.arraycopy(wal, other, wal, one, size);
        System.arraycopy(kept, 0, wal, other, size);
    }

    /** Feeds chunks of random sizes, some of them in direct buffers. */
    private static WalReader read(byte[] wal, int length, List<Seen> seen, SplittableRandom random) {
        WalReader reader = new WalReader(WalBuilder.START);
        WalChanges changes = new WalChanges(PostgresMajor.V15, PAGE, new NoVisitor());
        boolean direct = random.nextInt(4) == 0;
        int largest = random.nextInt(3) == 0 ? 9000 : 1 << 20;
        for (int at = 0; at < length; ) {
            int size = Math.min(length - at, random.nextInt(1, largest));
            ByteBuffer chunk = ByteBuffer.wrap(wal, at, size);
            reader.feed(direct ? ByteBuffer.allocateDirect(size).put(chunk).flip() : chunk);
            while (reader.next()) {
                WalRecord record = reader.record();
                changes.read(record);
                seen.add(new Seen(record.start().value(), record.end().value(), content(record)));
            }
            at += size;
        }
        return reader;
    }

    private static long content(WalRecord record) {
        CRC32C crc = new CRC32C();
        for (int at = 0; at < record.mainDataBytes(); at++) {
            crc.update(record.mainDataByte(at));
        }
        long content = crc.getValue() << 24 ^ record.length() ^ (long) record.transactionId() << 8 ^ record.info();
        for (int at = 0; at < record.blocks().count(); at++) {
            content = content * 31
                    + record.blocks().relation(at)
                    + record.blocks().number(at);
        }
        return content;
    }

    /** Two segments of records of all sizes, a switch, a record that was cut off, and zeroes behind. */
    private static WalBuilder wal(SplittableRandom random) {
        WalBuilder builder = new WalBuilder();
        for (int count = 0; count < 900; count++) {
            append(builder, random);
        }
        builder.overwrite(builder.appendAbandoned(60_000));
        for (int count = 0; count < 300; count++) {
            append(builder, random);
        }
        builder.switchSegment();
        for (int count = 0; count < 400; count++) {
            append(builder, random);
        }
        return builder;
    }

    private static void append(WalBuilder builder, SplittableRandom random) {
        int size = random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(300);
        byte[] data = new byte[size];
        random.nextBytes(data);
        switch (random.nextInt(4)) {
            case 0 -> builder.commit(random.nextInt(3, 1000), random.nextLong(1L << 50));
            case 1 -> builder.append(10, 0x20, 7, block(data, random));
            default -> builder.append(random.nextInt(6, 22), random.nextInt(16) << 4, 7, WalBuilder.main(data));
        }
    }

    private static byte[] block(byte[] data, SplittableRandom random) {
        ByteBuffer body = ByteBuffer.allocate(20 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        body.put((byte) 0).put((byte) (data.length == 0 ? 0 : 0x20)).putShort((short) data.length);
        body.putInt(1663).putInt(5).putInt(random.nextInt(16_384, 17_000)).putInt(random.nextInt(9000));
        return body.put(data).array();
    }

    /** Records with a right CRC whose headers and data are random: none may do harm, whatever it is taken for. */
    private static void forge(int logs, long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + logs; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PostgresMajor major = PostgresMajor.of(random.nextInt(13, 19));
            WalBuilder builder = new WalBuilder(major);
            int count = 0;
            for (; count < 400; count++) {
                builder.append(random.nextInt(5), random.nextInt(256) & ~0x40, 7, body(random));
            }
            WalReader reader = new WalReader(WalBuilder.START);
            WalChanges changes = new WalChanges(major, PAGE, new NoVisitor());
            reader.feed(ByteBuffer.wrap(builder.bytes()));
            int read = 0;
            while (reader.next()) {
                changes.read(reader.record());
                TransactionRecords.end(reader.record(), major);
                RestorePoints.of(reader.record());
                read++;
            }
            assertThat(reader.stop())
                    .as("with seed %d", seed)
                    .isInstanceOfAny(read == count ? WalStop.Zeroes.class : WalStop.WrongParts.class);
        }
    }

    private static byte[] body(SplittableRandom random) {
        byte[] data = new byte[random.nextInt(4) == 0 ? random.nextInt(40) : 4 * random.nextInt(30)];
        random.nextBytes(data);
        for (int at = 0; at + 4 <= data.length; at += 4) {
            if (random.nextInt(3) != 0) {
                Arrays.fill(data, at, at + 4, (byte) 0);
                data[at] = (byte) random.nextInt(8);
            }
        }
        return random.nextInt(200) == 0 ? data : WalBuilder.main(data);
    }
}
