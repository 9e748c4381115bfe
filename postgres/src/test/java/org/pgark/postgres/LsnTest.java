package org.pgark.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
    @Test
    void readsAndWritesTheTwoHalves() {
        assertThat(Lsn.parse("16/3002D50")).isEqualTo(new Lsn(0x16_0300_2D50L)).hasToString("16/3002D50");
        assertThat(Lsn.parse("0/0")).isEqualTo(Lsn.ZERO).hasToString("0/0");
        assertThat(Lsn.parse("ffffffff/ffffffff")).isEqualTo(new Lsn(-1)).hasToString("FFFFFFFF/FFFFFFFF");
    }

    @Test
    void readsLeadingZeroes() {
        assertThat(Lsn.parse("00000001/0A000028")).isEqualTo(new Lsn(0x1_0A00_0028L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1/",
                "/1",
                "16",
                "1/2/3",
                "G/1",
                "1/G",
                "+1/1",
                "1/+1",
                "-1/1",
                "1/-1",
                "123456789/1",
                "1/123456789",
                " 1/1",
                "1/1 "
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Lsn.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid LSN \"" + text + "\", must be like \"16/3002D50\"");
    }

    @Test
    void comparesAsUnsigned() {
        Lsn low = Lsn.parse("0/1");
        Lsn high = Lsn.parse("80000000/0");
        assertThat(low).isLessThan(high);
        assertThat(low.isBefore(high)).isTrue();
        assertThat(high.isAfter(low)).isTrue();
        assertThat(low.isBefore(low)).isFalse();
        assertThat(low.isAfter(low)).isFalse();
    }

    @Test
    void movesAndMeasuresInBytes() {
        Lsn position = Lsn.parse("1/FFFFFFF0");
        assertThat(position.plus(0x20)).isEqualTo(Lsn.parse("2/10"));
        assertThat(position.plus(-0x10)).isEqualTo(Lsn.parse("1/FFFFFFE0"));
        assertThat(Lsn.parse("2/10").minus(position)).isEqualTo(0x20);
    }
}
