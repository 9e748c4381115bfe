package org.pgark.postgres.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class HintBitsTest {
    private static final int PAGE = 8192;

    /** A page with two items of 40 bytes, whose rest is {@code special} bytes long. */
    private static ByteBuffer page(int special) {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        int end = PAGE - special;
        page.putLong(0, 0x1234).putShort(8, (short) 77);
        page.putShort(12, (short) 32).putShort(14, (short) (end - 80)).putShort(16, (short) end);
        page.putShort(18, (short) (PAGE | 4));
        for (int item = 0; item < 2; item++) {
            int offset = end - 40 * (item + 1);
            page.putInt(24 + 4 * item, offset | 1 << 15 | 40 << 17);
            for (int at = 0; at < 40; at++) {
                page.put(offset + at, (byte) (at + item));
            }
        }
        return page;
    }

    private static boolean alone(int special, java.util.function.Consumer<ByteBuffer> change) {
        ByteBuffer changed = page(special);
        change.accept(changed);
        return HintBits.alone(page(special), changed);
    }

    @Test
    void equalPagesDifferInNothing() {
        assertThat(alone(0, page -> {})).isTrue();
        assertThat(HintBits.alone(ByteBuffer.allocate(PAGE), ByteBuffer.allocate(PAGE)))
                .isTrue();
    }

    @Test
    void checksumFlagsAndPruningAreHints() {
        assertThat(alone(0, page -> page.putShort(8, (short) 1))).isTrue();
        assertThat(alone(0, page -> page.putShort(10, (short) 3))).isTrue();
        assertThat(alone(0, page -> page.putInt(20, 900))).isTrue();
    }

    @Test
    void visibilityAndTheBoundsOfAPageAreNoHints() {
        assertThat(alone(0, page -> page.putShort(10, (short) 4))).isFalse();
        assertThat(alone(0, page -> page.putShort(14, (short) 6000))).isFalse();
        assertThat(alone(0, page -> page.putLong(0, 0x1235))).isFalse();
    }

    @Test
    void whatATupleSaysOfItsTransactionsEndIsAHint() {
        int infomask = PAGE - 40 + 20;
        for (int bit : new int[] {0x0100, 0x0200, 0x0400, 0x0800}) {
            assertThat(alone(0, page -> page.putShort(infomask, (short) (page.getShort(infomask) ^ bit))))
                    .isTrue();
        }
        assertThat(alone(0, page -> page.putShort(infomask, (short) (page.getShort(infomask) ^ 0x1000))))
                .isFalse();
        assertThat(alone(0, page -> page.putInt(PAGE - 40 + 4, 5))).isFalse();
        assertThat(alone(0, page -> page.put(PAGE - 1, (byte) 99))).isFalse();
        // The same bits elsewhere are data.
        assertThat(alone(16, page -> page.putShort(infomask - 16, (short) (page.getShort(infomask - 16) ^ 0x0100))))
                .isFalse();
    }

    @Test
    void onlyItemsOfAnIndexMayBeMarkedDead() {
        assertThat(alone(16, page -> page.putInt(24, page.getInt(24) | 3 << 15)))
                .isTrue();
        assertThat(alone(0, page -> page.putInt(24, page.getInt(24) | 3 << 15))).isFalse();
        assertThat(alone(16, page -> page.putInt(24, page.getInt(24) + 1))).isFalse();
        assertThat(alone(16, page -> page.put(PAGE - 16 - 5, (byte) 99))).isFalse();
    }

    @Test
    void whatSpGistRemembersOfItsLastPagesIsAHint() {
        ByteBuffer before = spGistMetaPage();
        ByteBuffer after = spGistMetaPage().putInt(28, 17).putInt(32, 4000).putInt(88, 3);

        assertThat(HintBits.alone(before, after)).isTrue();
        assertThat(HintBits.alone(before, spGistMetaPage().putInt(24, 17))).isFalse();
        assertThat(HintBits.alone(before, spGistMetaPage().putInt(92, 17))).isFalse();
        // On another page the same bytes are data.
        ByteBuffer leaf = spGistMetaPage().putShort(PAGE - 8, (short) 4);
        assertThat(HintBits.alone(
                        leaf, spGistMetaPage().putShort(PAGE - 8, (short) 4).putInt(28, 0xABCDE)))
                .isFalse();
    }

    /** As access/spgist_private.h has it: a magic number and eight pairs of a block and its free space. */
    private static ByteBuffer spGistMetaPage() {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        page.putShort(12, (short) 92).putShort(14, (short) (PAGE - 8)).putShort(16, (short) (PAGE - 8));
        page.putShort(18, (short) (PAGE | 4)).putInt(24, 0xBA0BABEE);
        return page.putShort(PAGE - 8, (short) 1).putShort(PAGE - 2, (short) 0xFF82);
    }

    @Test
    void damagedHeadersAreComparedAsTheyAre() {
        ByteBuffer broken = page(0).putShort(12, (short) 3).putShort(16, (short) 0xFFFF);
        assertThat(HintBits.alone(broken, page(0).putShort(12, (short) 3).putShort(16, (short) 0xFFFF)))
                .isTrue();
        assertThat(HintBits.alone(broken, page(0))).isFalse();
        assertThat(alone(0, page -> page.putInt(24, 8190 | 1 << 15 | 200 << 17)))
                .isFalse();
    }
}
