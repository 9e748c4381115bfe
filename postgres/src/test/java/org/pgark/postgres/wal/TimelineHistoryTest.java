package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

class TimelineHistoryTest {
    private static final Timeline ONE = Timeline.FIRST;
    private static final Timeline TWO = new Timeline(2);
    private static final Timeline FOUR = new Timeline(4);
    private static final String TEXT = """
            1\t0/3000148\tno recovery target specified
            2\t0/5000000\tbefore 2026-11-22 10:42:00+00
            """;

    private static TimelineHistory four() throws DamagedFileException {
        return TimelineHistory.parse(FOUR, TEXT);
    }

    @Test
    void readsAndWritesWhatAServerWrites() throws Exception {
        assertThat(four().entries())
                .containsExactly(
                        new TimelineHistory.Entry(ONE, Lsn.parse("0/3000148"), "no recovery target specified"),
                        new TimelineHistory.Entry(TWO, Lsn.parse("0/5000000"), "before 2026-11-22 10:42:00+00"));
        assertThat(four().format()).isEqualTo(TEXT);
    }

    @Test
    void readsWhatAServerAccepts() throws Exception {
        String text = "# a comment\n\n  \t\n   # another\n  1  0/3000148\n\n2\tA/b reason \r\n";
        assertThat(TimelineHistory.parse(FOUR, text).entries())
                .containsExactly(
                        new TimelineHistory.Entry(ONE, Lsn.parse("0/3000148"), ""),
                        new TimelineHistory.Entry(TWO, Lsn.parse("A/B"), "reason"));
        assertThat(TimelineHistory.parse(FOUR, "").entries()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\t0/3000148\tx", "1", "1\t", "1\t3000148", "1\t0/", "0\t0/3000148", "9999999999\t0/1"})
    void refusesMalformedLines(String line) {
        assertThatThrownBy(() -> TimelineHistory.parse(TWO, line + "\n"))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("damaged file \"00000002.history\": invalid line \"" + line
                        + "\", must be a timeline, a position such as 0/3000148, and a reason");
    }

    @Test
    void refusesTimelinesThatDoNotIncrease() {
        assertThatThrownBy(() -> TimelineHistory.parse(FOUR, "2\t0/1\tx\n2\t0/2\tx\n"))
                .hasMessage("damaged file \"00000004.history\": timeline 2 stands after timeline 2");
        assertThatThrownBy(() -> TimelineHistory.parse(TWO, "2\t0/1\tx\n"))
                .hasMessage("damaged file \"00000002.history\": timeline 2 is said to be an ancestor of 2");
    }

    @Test
    void tellsTheChain() throws Exception {
        assertThat(four().chain()).containsExactly(ONE, TWO, FOUR);
        assertThat(TimelineHistory.withoutAncestors(ONE).chain()).containsExactly(ONE);
    }

    @Test
    void tellsWhereEachTimelineBeginsAndWasLeft() throws Exception {
        assertThat(four().switchPointOf(ONE)).contains(Lsn.parse("0/3000148"));
        assertThat(four().switchPointOf(FOUR)).isEmpty();
        assertThat(four().beginOf(ONE)).contains(Lsn.ZERO);
        assertThat(four().beginOf(TWO)).contains(Lsn.parse("0/3000148"));
        assertThat(four().beginOf(FOUR)).contains(Lsn.parse("0/5000000"));
        assertThat(four().beginOf(new Timeline(3))).isEmpty();
    }

    @Test
    void tellsWhichTimelineABytesBelongsTo() throws Exception {
        assertThat(four().timelineAt(Lsn.parse("0/3000147"))).isEqualTo(ONE);
        assertThat(four().timelineAt(Lsn.parse("0/3000148"))).isEqualTo(TWO);
        assertThat(four().timelineAt(Lsn.parse("0/5000000"))).isEqualTo(FOUR);
    }

    @Test
    void containsOnlyPointsBeforeATimelineWasLeft() throws Exception {
        assertThat(four().contains(ONE, Lsn.parse("0/3000148"))).isTrue();
        assertThat(four().contains(ONE, Lsn.parse("0/3000149"))).isFalse();
        assertThat(four().contains(FOUR, Lsn.parse("1/0"))).isTrue();
        assertThat(four().contains(new Timeline(3), Lsn.parse("0/1"))).isFalse();
    }
}
