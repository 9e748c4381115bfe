package org.pgark.repository.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;

class PageMapTest {
    private static final int PAGE = 8192;

    static FrameAddress frame(Random random) {
        int raw = PAGE * (1 + random.nextInt(32));
        return new FrameAddress(
                new ObjectId(random.nextInt(4), 7),
                random.nextInt(2000),
                random.nextLong(1L << 40),
                1 + random.nextInt(raw),
                raw,
                Codec.ofCode(random.nextInt(3)));
    }

    private static List<Extent> extents(Random random, int count, int unit) {
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FrameAddress frame = frame(random);
            int units = frame.rawLength() / unit;
            int offset = random.nextInt(units);
            int length = 1 + random.nextInt(units - offset);
            extents.add(
                    random.nextInt(5) == 0
                            ? new Extent.Zeros((long) unit * (1 + random.nextInt(1_000_000)))
                            : new Extent.Stored(new FramePart(frame, offset * unit, length * unit)));
        }
        return extents;
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Extent> extents = extents(random, random.nextInt(40), seed % 2 == 0 ? PAGE : 1);
            assertThat(PageMap.decode(new ByteDecoder(PageMap.encode(extents)), address -> address))
                    .isEqualTo(extents);
        }
    }

    @Test
    void takesFewBytesForAChangedPage() {
        Random random = new Random(1);
        List<Extent> extents = new ArrayList<>();
        FrameAddress changed = new FrameAddress(new ObjectId(9, 9), 5, 1 << 20, 90_000, 32 * PAGE, Codec.ZSTD);
        for (int i = 0; i < 32; i++) {
            FrameAddress old = new FrameAddress(new ObjectId(8, 8), i, i * 90_000L, 90_000, 32 * PAGE, Codec.ZSTD);
            int page = 1 + random.nextInt(30);
            extents.add(new Extent.Stored(new FramePart(old, 0, page * PAGE)));
            extents.add(new Extent.Stored(new FramePart(changed, i * PAGE, PAGE)));
            extents.add(new Extent.Stored(new FramePart(old, (page + 1) * PAGE, (31 - page) * PAGE)));
        }
        assertThat(PageMap.encode(extents).length / 32).isLessThanOrEqualTo(24);
    }

    @Test
    void aPartOfTheLargestSizeFitsIntoAFrame() {
        Random random = new Random(1);
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < PageMap.MAX_EXTENTS; i++) {
            FrameAddress frame = new FrameAddress(
                    new ObjectId(random.nextLong(), i), Integer.MAX_VALUE, 1L << 45, 1 << 22, 1 << 23, Codec.ZSTD);
            extents.add(new Extent.Stored(new FramePart(frame, 4_000_001, 4_000_001)));
        }
        assertThat(PageMap.encode(extents).length).isLessThanOrEqualTo(FrameAddress.MAX_RAW_LENGTH);
    }

    @Test
    void nothingButMalformedBytesComesOfGarbage() throws IOException {
        Random random = new Random(3);
        byte[] good = PageMap.encode(extents(random, 20, PAGE));
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                PageMap.decode(new ByteDecoder(bad), address -> address);
            } catch (MalformedBytesException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThatThrownBy(() -> PageMap.decode(new ByteDecoder(new byte[] {2, 0}), address -> address))
                .hasMessage("a page map of version 2 with unit 0");
    }
}
