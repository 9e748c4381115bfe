package org.pgark.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ByteTextTest {
    @Test
    void keepsEveryByteWhateverItIsPartOf() {
        byte[] all = new byte[256 * 3];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
            all[256 + 2 * i] = (byte) 0xC3;
            all[256 + 2 * i + 1] = (byte) i;
        }
        assertThat(ByteText.encode(ByteText.decode(all), StandardCharsets.UTF_8))
                .isEqualTo(all);
    }

    @Test
    void leavesTextsAsTheyAre() {
        String text = "a\u00e9\u6f22\ud83d\ude00\ud83d\udc80";
        assertThat(ByteText.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
        assertThat(ByteText.encode(text, StandardCharsets.UTF_8)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ByteText.encode("\u00e9", StandardCharsets.ISO_8859_1)).containsExactly(0xE9);
    }

    @Test
    void putsUndecodedBytesBetweenEncodedOnes() {
        String text = ByteText.decode(new byte[] {'a', (byte) 0xE9, 'b', (byte) 0xC3, (byte) 0xA9});
        assertThat(text).isEqualTo("a\udce9b\u00e9");
        assertThat(ByteText.encode(text, StandardCharsets.ISO_8859_1)).containsExactly('a', 0xE9, 'b', 0xE9);
    }
}
