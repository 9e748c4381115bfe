package org.pgark.repository.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4", "zstd:1", "zstd:3", "zstd:19"})
    void readsItsOwnText(String text) {
        assertThat(Compression.parse(text)).hasToString(text);
    }

    @Test
    void takesLevelThreeWhereNoneIsGiven() {
        assertThat(Compression.parse("zstd")).isEqualTo(new Compression(Codec.ZSTD, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gzip", "zstd:0", "zstd:20", "lz4:1", "ZSTD"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Compression.parse(text))
                .hasMessage("invalid compression \"" + text
                        + "\", must be none, lz4, zstd or zstd:LEVEL with a level from 1 to 19");
    }
}
