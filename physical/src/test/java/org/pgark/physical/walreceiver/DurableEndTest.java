package org.pgark.physical.walreceiver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

class DurableEndTest {
    private static final Timeline FIRST = new Timeline(1);
    private static final Timeline SECOND = new Timeline(2);

    private final DurableEnd end = new DurableEnd();

    @Test
    void whatAServerWasToldIsNotTakenBackWhenTheNextRoundBeginsAtTheOldestSegment() {
        end.reaches(FIRST, Lsn.parse("0/5000100"));
        end.reaches(FIRST, Lsn.parse("0/3000000"));

        assertThat(end.of(FIRST, Lsn.parse("0/6000000"))).isEqualTo(Lsn.parse("0/5000100"));
    }

    @Test
    void noServerIsToldMoreThanWasReceivedFromIt() {
        end.reaches(FIRST, Lsn.parse("0/5000000"));

        assertThat(end.of(FIRST, Lsn.parse("0/4000000"))).isEqualTo(Lsn.parse("0/4000000"));
    }

    @Test
    void timelinesDoNotSpeakForEachOther() {
        end.reaches(FIRST, Lsn.parse("0/5000000"));

        assertThat(end.of(SECOND, Lsn.parse("0/5000000"))).isEqualTo(Lsn.ZERO);
    }
}
