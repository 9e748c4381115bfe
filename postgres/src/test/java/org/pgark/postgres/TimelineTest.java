package org.pgark.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
    @Test
    void readsAndWritesEightHexadecimalDigits() {
        assertThat(Timeline.parseHex("0000001A")).isEqualTo(new Timeline(26));
        assertThat(new Timeline(26).toHex()).isEqualTo("0000001A");
        assertThat(new Timeline(26)).hasToString("26");
    }

    @Test
    void namesItsHistoryFile() {
        assertThat(new Timeline(2).historyFileName()).isEqualTo("00000002.history");
    }

    @Test
    void refusesZeroAndWhatIsBeyondAnInt() {
        assertThatThrownBy(() -> new Timeline(0)).hasMessage("invalid timeline 0, must be 1 or more");
        assertThatThrownBy(() -> Timeline.parseHex("FFFFFFFF"))
                .hasMessage("invalid timeline 4294967295, must be 1 or more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "0000001a", "000000001", "0000000G", "+0000001"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Timeline.parseHex(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid timeline \"" + text + "\", must be 8 hexadecimal digits");
    }

    @Test
    void comparesByNumber() {
        assertThat(Timeline.FIRST).isLessThan(new Timeline(2));
    }
}
