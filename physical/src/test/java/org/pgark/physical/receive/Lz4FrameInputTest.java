package org.pgark.physical.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Lz4FrameInputTest {
    /** Flags 0x40: blocks that refer to those before, as PostgreSQL's servers write them. */
    private static final String HEADER = "04224d18" + "4040" + "00";

    private static final String STORED = "10000080" + HexFormat.of().formatHex(text("abcdefghijklmnop"));
    /** No literals, a match of 16 bytes 16 bytes back, then five literals. */
    private static final String REFERRING =
            "09000000" + "0c1000" + "50" + HexFormat.of().formatHex(text("12345"));

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Lz4FrameInput input(String hex) {
        return new Lz4FrameInput(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
    }

    @Test
    void readsBlocksThatReferToThoseBefore() throws Exception {
        try (Lz4FrameInput input = input(HEADER + STORED + REFERRING + "00000000")) {
            assertThat(new String(input.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("abcdefghijklmnopabcdefghijklmnop12345");
        }
    }

    @Test
    void noticesAnEarlyEnd() throws Exception {
        try (Lz4FrameInput input = input(HEADER + STORED + "09000000" + "0c10")) {
            assertThatThrownBy(input::readAllBytes).isInstanceOf(EOFException.class);
        }
    }
}
