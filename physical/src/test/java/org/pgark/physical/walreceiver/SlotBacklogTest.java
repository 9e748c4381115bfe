package org.pgark.physical.walreceiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Lsn;

/** A slot is given up for what it really keeps, and only while the receiver has something to catch up with. */
class SlotBacklogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Lsn START = new Lsn(20L << 30);

    private final SlotBacklog backlog = new SlotBacklog(new SlotPolicy(0, 1000, Duration.ofSeconds(30)));

    private boolean hopeless(long end, long second) {
        backlog.look(START.plus(end), second * SECOND);
        return backlog.isHopeless();
    }

    @Test
    void whatIsNotKnownYetTakesNothingBack() {
        backlog.begins(START);
        backlog.confirms(Lsn.ZERO);
        assertThat(backlog.look(START.plus(500), SECOND)).isEqualTo(500);
        backlog.confirms(START.plus(400));
        backlog.confirms(START);
        assertThat(backlog.look(START.plus(500), SECOND)).isEqualTo(100);
    }

    @Test
    void whatDoesNotBecomeLessIsHopelessInTheEnd() {
        backlog.begins(START);
        for (int second = 1; second <= 30; second++) {
            assertThat(hopeless(2000 + second, second)).isFalse();
        }
        assertThat(hopeless(2100, 31)).isTrue();
        backlog.confirms(START.plus(1500));
        assertThat(hopeless(2100, 32)).isFalse();
    }

    @Test
    void aServerThatWasAwayIsCaughtUpWithFirst() {
        backlog.begins(START);
        assertThat(hopeless(2000, 1)).isFalse();
        assertThat(hopeless(9000, 100)).isFalse();
        assertThat(hopeless(9000, 105)).isFalse();
        backlog.confirms(START.plus(500));
        assertThat(hopeless(9000, 110)).isFalse();
    }
}
