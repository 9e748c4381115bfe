package org.pgark.postgres.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.postgres.Lsn;

class PageVerifierTest {
    private static final int PAGE = PageChecksum.PAGE_BYTES;
    private static final int BLOCK = 131_072 + 5;
    private static final Lsn BEFORE = Lsn.parse("1/1000");

    /** A page with content, an LSN and a right checksum, at an odd place of the buffer. */
    private static byte[] page(int offset) {
        byte[] buffer = new byte[PAGE + offset + 3];
        new SplittableRandom(42).nextBytes(buffer);
        ByteBuffer page = ByteBuffer.wrap(buffer, offset, PAGE).slice().order(ByteOrder.LITTLE_ENDIAN);
        page.putInt(0, 1).putInt(4, 0x1000).putShort(14, (short) 8000);
        page.putShort(8, (short) PageChecksum.compute(buffer, offset, BLOCK));
        return buffer;
    }

    /** Pages that servers wrote, given by what is not zero in them as offset and hexadecimal digits. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; 4:b04601017ddc 12:4800f01ff01f0420 24:6231050004 62:f0bf01 8188:08",
                "0; 4:7083610139a2 12:18 15:2000200420 24:ffffff0f",
                "3; 4:c0010601e927 12:2400c81ff01f0420 24:e89f1000d89f2000c89f2000c89f20 8138:0400010010205d0e"
                        + " 8154:0200010010202f05 8170:01 8174:0820 8184:01 8188:02",
                "2; 4:e8c344012db9 12:18 15:2000200420 28:e3e300e3 35:e3 43:e3 59:e3 91:e3 155:e3 283:e3 539:e3"
                        + " 1051:01e3 2075:010101e3 4124:010100010101e3",
                "0; 8:75cd 12:4800f01ff01f0420 24:6231050004 62:f0bf01 8188:08"
            })
    void acceptsPagesOfServers(int block, String content) {
        byte[] page = new byte[PAGE];
        for (Matcher run = Pattern.compile("([0-9]+):([0-9a-f]+)").matcher(content); run.find(); ) {
            byte[] bytes = HexFormat.of().parseHex(run.group(2));
            System.arraycopy(bytes, 0, page, Integer.parseInt(run.group(1)), bytes.length);
        }
        assertThat(PageChecksum.compute(page, 0, block)).isEqualTo(PageVerifier.storedChecksum(page, 0));
        assertThat(PageVerifier.verify(page, 0, block, BEFORE)).isEqualTo(PageVerdict.VALID);
    }

    @Test
    void acceptsRightChecksumsAtAnyOffset() {
        assertThat(PageVerifier.verify(page(0), 0, BLOCK, BEFORE)).isEqualTo(PageVerdict.VALID);
        assertThat(PageVerifier.verify(page(7), 7, BLOCK, BEFORE)).isEqualTo(PageVerdict.VALID);
    }

    @Test
    void noticesAnyChangedByteOutsideOfTheChecksumsOwn() {
        byte[] page = page(0);
        for (int at = 16; at < PAGE; at += 13) {
            page[at] ^= 0x40;
            assertThat(PageVerifier.verify(page, 0, BLOCK, Lsn.parse("2/0"))).isEqualTo(PageVerdict.DAMAGED);
            page[at] ^= 0x40;
        }
    }

    @Test
    void noticesAPageAtAnotherBlocksPlace() {
        assertThat(PageVerifier.verify(page(0), 0, 5, Lsn.parse("2/0"))).isEqualTo(PageVerdict.DAMAGED);
    }

    @Test
    void doesNotBlameAPageThatMayBeTorn() {
        byte[] page = page(0);
        page[100] ^= 1;
        assertThat(PageVerifier.verify(page, 0, BLOCK, Lsn.parse("1/1000"))).isEqualTo(PageVerdict.RECENT);
        assertThat(PageVerifier.verify(page, 0, BLOCK, Lsn.parse("1/1001"))).isEqualTo(PageVerdict.DAMAGED);
    }

    @Test
    void takesAPageOfZeroesAsNew() {
        assertThat(PageVerifier.verify(new byte[PAGE], 0, BLOCK, BEFORE)).isEqualTo(PageVerdict.NEW);
    }

    @Test
    void blamesAPageWithoutAHeaderThatIsNotAllZeroes() {
        byte[] page = new byte[PAGE];
        page[PAGE - 1] = 1;
        assertThat(PageVerifier.verify(page, 0, BLOCK, BEFORE)).isEqualTo(PageVerdict.DAMAGED);
    }

    @Test
    void tellsTheLsnAndTheStoredChecksum() {
        byte[] page = page(5);
        assertThat(PageVerifier.pageLsn(page, 5)).isEqualTo(BEFORE);
        assertThat(PageVerifier.storedChecksum(page, 5)).isEqualTo(PageChecksum.compute(page, 5, BLOCK));
    }
}
