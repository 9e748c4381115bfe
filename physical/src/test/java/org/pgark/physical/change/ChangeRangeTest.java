package org.pgark.physical.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

class ChangeRangeTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    private static ChangeRange range(String history, int timeline, String from, String to) throws Exception {
        return new ChangeRange(TimelineHistory.parse(new Timeline(timeline), history), Lsn.parse(from), Lsn.parse(to));
    }

    private static ChangeRange.Stage stage(int timeline, String from, String to) {
        return new ChangeRange.Stage(new Timeline(timeline), Lsn.parse(from), Lsn.parse(to));
    }

    private static List<String> names(ChangeRange range) {
        return range.segments(SIZE).stream().map(WalSegmentName::toString).toList();
    }

    @Test
    void refusesToRunBackwards() {
        assertThatThrownBy(() -> range("", 1, "0/200", "0/100"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid range of WAL from 0/200 to 0/100");
    }

    @Test
    void hasOneStageForEachTimelineThatItTouches() throws Exception {
        ChangeRange range = range("1\t0/250000\tx\n2\t0/280000\tx\n3\t0/900000\tx\n", 4, "0/200028", "0/500028");

        assertThat(range.stages())
                .containsExactly(
                        stage(1, "0/200028", "0/250000"),
                        stage(2, "0/250000", "0/280000"),
                        stage(3, "0/280000", "0/500028"));
        assertThat(range.bytes()).isEqualTo(0x300000);
    }

    @Test
    void passesOverTimelinesThatEndedBefore() throws Exception {
        assertThat(range("1\t0/200028\tx\n", 2, "0/200028", "0/500028").stages())
                .containsExactly(stage(2, "0/200028", "0/500028"));
    }

    @Test
    void readsTheSegmentOfASwitchOnTheLaterTimeline() throws Exception {
        assertThat(names(range("1\t0/250000\tx\n", 2, "0/180000", "0/350000")))
                .containsExactly("000000010000000000000001", "000000020000000000000002", "000000020000000000000003");
    }

    @Test
    void readsTheEarlierTimelineUpToASwitchAtASegmentsBeginning() throws Exception {
        assertThat(names(range("1\t0/200000\tx\n", 2, "0/180000", "0/280000")))
                .containsExactly("000000010000000000000001", "000000020000000000000002");
    }

    @Test
    void readsTheSegmentInWhichTheRecordAtTheEndBegins() throws Exception {
        assertThat(names(range("", 1, "0/100028", "0/200000")))
                .containsExactly("000000010000000000000001", "000000010000000000000002");
        // The end lies before the switch, in a segment that has the server's own history on the timeline before.
        assertThat(names(range("1\t0/2F0000\tx\n", 2, "0/100028", "0/280000")))
                .containsExactly("000000010000000000000001", "000000010000000000000002");
    }
}
