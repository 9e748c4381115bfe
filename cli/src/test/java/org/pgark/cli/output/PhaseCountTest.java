package org.pgark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.pgark.storage.RepeatedRequests;

class PhaseCountTest {
    private final AtomicLong now = new AtomicLong(Duration.ofHours(7).toNanos());
    private final PhaseCount count = new PhaseCount(Duration.ofSeconds(1), now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void isShownOnceAfterEachInterval() {
        count.begin("reading");
        assertThat(count.advance(10)).isFalse();
        pass(Duration.ofMillis(999));
        assertThat(count.advance(10)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(count.advance(10)).isTrue();
        assertThat(count.advance(10)).isFalse();
        assertThat(count.rate().done()).isEqualTo(40);
    }

    @Test
    void eachPhaseBeginsAtNothing() {
        count.begin("reading");
        count.total(100);
        pass(Duration.ofSeconds(4));
        count.advance(40);
        assertThat(count.rate())
                .isEqualTo(new Rate(40, 100, Duration.ofSeconds(4).toNanos(), RepeatedRequests.count()));

        count.begin("writing");

        assertThat(count.phase()).isEqualTo("writing");
        assertThat(count.rate()).isEqualTo(new Rate(0, 0, 0, RepeatedRequests.count()));
        assertThat(count.advance(1)).isFalse();
    }
}
