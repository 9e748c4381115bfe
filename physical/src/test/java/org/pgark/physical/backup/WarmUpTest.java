package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void endsByItselfAndHoldsNoProcessUp() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = WarmUp.started();
        thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));

        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        assertThat(failure).hasValue(null);
    }
}
