package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

class WalSegmentNameTest {
    @Test
    void readsAndWritesNames() {
        WalSegmentName name = WalSegmentName.parse("000000020000000A000000FF");
        assertThat(name)
                .isEqualTo(new WalSegmentName(new Timeline(2), 10, 255))
                .hasToString("000000020000000A000000FF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00000001000000000000000", "0000000100000000000000010", "00000001000000000000000g"})
    void refusesWhatIsNoName(String text) {
        assertThatThrownBy(() -> WalSegmentName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid WAL segment name \"" + text + "\", must be 24 hexadecimal digits");
    }

    @Test
    void refusesTimelineZero() {
        assertThat(WalSegmentName.isName("000000000000000000000001")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1048576,    0/100000,   000000010000000000000001",
        "1048576,    0/FFF00000, 000000010000000000000FFF",
        "1048576,    1/0,        000000010000000100000000",
        "16777216,   0/1000028,  000000010000000000000001",
        "16777216,   2/FF000000, 0000000100000002000000FF",
        "1073741824, 3/C0000000, 000000010000000300000003"
    })
    void agreesWithPositionsAtAnySegmentSize(int bytes, String position, String expected) {
        WalSegmentSize size = new WalSegmentSize(bytes);
        WalSegmentName name = WalSegmentName.containing(Timeline.FIRST, Lsn.parse(position), size);
        assertThat(name).hasToString(expected);
        assertThat(name.start(size)).isLessThanOrEqualTo(Lsn.parse(position));
        assertThat(name.end(size)).isGreaterThan(Lsn.parse(position));
        assertThat(WalSegmentName.ofNumber(Timeline.FIRST, name.number(size), size))
                .isEqualTo(name);
    }

    @Test
    void goesOnToTheNextSegmentOverTheLastDigits() {
        WalSegmentName name = WalSegmentName.parse("0000000100000002000000FF");
        assertThat(name.next(WalSegmentSize.DEFAULT)).hasToString("000000010000000300000000");
    }

    @Test
    void keepsItsPlaceOnAnotherTimeline() {
        assertThat(WalSegmentName.parse("0000000100000002000000FF").on(new Timeline(3)))
                .hasToString("0000000300000002000000FF");
    }

    @Test
    void ordersByTimelineAndThenByPosition() {
        assertThat(WalSegmentName.parse("000000010000000200000000"))
                .isGreaterThan(WalSegmentName.parse("0000000100000001000000FF"))
                .isLessThan(WalSegmentName.parse("000000020000000000000001"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 19, (1 << 20) + 1, Integer.MIN_VALUE})
    void refusesSizesThatNoClusterHas(int bytes) {
        assertThatThrownBy(() -> new WalSegmentSize(bytes))
                .hasMessage("invalid WAL segment size " + bytes + ", must be a power of two from 1 MiB to 1 GiB");
    }
}
