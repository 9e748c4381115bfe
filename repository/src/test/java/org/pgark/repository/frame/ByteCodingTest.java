package org.pgark.repository.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ByteCodingTest {
    @Test
    void readsBackNumbersOfEveryLength() throws MalformedBytesException {
        ByteEncoder target = new ByteEncoder(0);
        for (int shift = 0; shift < 64; shift++) {
            target.putNumber(1L << shift);
            target.putNumber((1L << shift) - 1);
            target.putSigned(-(1L << shift));
            target.putSigned(1L << shift);
        }
        target.putNumber(-1);
        ByteDecoder source = new ByteDecoder(target.toByteArray());
        for (int shift = 0; shift < 64; shift++) {
            assertThat(source.takeNumber()).isEqualTo(1L << shift);
            assertThat(source.takeNumber()).isEqualTo((1L << shift) - 1);
            assertThat(source.takeSigned()).isEqualTo(-(1L << shift));
            assertThat(source.takeSigned()).isEqualTo(1L << shift);
        }
        assertThat(source.takeNumber()).isEqualTo(-1);
        source.expectEnd();
    }

    @Test
    void writesSevenBitsAByteLowestFirst() {
        ByteEncoder target = new ByteEncoder(0);
        target.putNumber(300);
        target.putSigned(-2);
        target.putText("ä");
        target.putId(new ObjectId(1, 2));
        assertThat(HexFormat.of().formatHex(target.toByteArray()))
                .isEqualTo("ac02" + "03" + "02c3a4" + "00000000000000010000000000000002");
    }

    private static ByteDecoder decoder(String hex) {
        return new ByteDecoder(HexFormat.of().parseHex(hex));
    }

    @Test
    void boundsEveryLengthBeforeItAllocates() {
        assertThatThrownBy(() -> decoder("ffffffff7f").takeBytes())
                .hasMessage("the number of bytes is 34359738367, which is more than 0");
        assertThatThrownBy(() -> decoder("ffffffffffffffffff01").takeText())
                .hasMessage("the length of a text is 18446744073709551615, which is more than 0");
        assertThatThrownBy(() -> decoder("0561").takeText())
                .hasMessage("the length of a text is 5, which is more than 1");
        assertThatThrownBy(() -> decoder("00").takeId()).hasMessage("it ends where 16 more bytes were expected");
        assertThatThrownBy(() -> decoder("ffffffffffffffffffff01").takeNumber())
                .hasMessage("a number has more than 64 bits");
        assertThatThrownBy(() -> decoder("ffffffffffffffffff02").takeNumber())
                .hasMessage("a number has more than 64 bits");
        assertThatThrownBy(() -> decoder("80").takeNumber()).hasMessage("it ends where 1 more bytes were expected");
        assertThatThrownBy(() -> decoder("0000").expectEnd()).hasMessage("2 bytes are left over");
        assertThatThrownBy(() -> decoder("00").takeRaw(-1)).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void refusesAddressesThatCannotBe() {
        ByteEncoder target = new ByteEncoder(0);
        target.putAddress(new FrameAddress(new ObjectId(1, 2), 3, 4, 5, 6, Codec.LZ4));
        byte[] good = target.toByteArray();
        byte[] longer = good.clone();
        longer[18] = 7;
        assertThatThrownBy(() -> new ByteDecoder(longer).takeAddress())
                .hasMessage("invalid address of frame 3 of pack 00000000000000010000000000000002:"
                        + " offset 4, 7 bytes stored, 6 bytes raw");
        byte[] unknown = good.clone();
        unknown[20] = 3;
        assertThatThrownBy(() -> new ByteDecoder(unknown).takeAddress()).hasMessage("a frame has the unknown codec 3");
    }
}
