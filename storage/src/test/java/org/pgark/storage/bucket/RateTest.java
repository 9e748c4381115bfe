package org.pgark.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTest {
    private final AtomicLong nanos = new AtomicLong(-5);

    private Rate rate(long bytesASecond) {
        return new Rate(() -> bytesASecond, nanos::get, nanos::addAndGet);
    }

    @Test
    void bytesPassAtTheirRate() throws InterruptedIOException {
        Rate rate = rate(1000);
        long begin = nanos.get();
        for (int part = 0; part < 11; part++) {
            rate.await(500);
        }
        assertThat(nanos.get() - begin).isEqualTo(5_000_000_000L);
    }

    @Test
    void whatWasNotUsedIsNotSaved() throws InterruptedIOException {
        Rate rate = rate(1000);
        nanos.addAndGet(3_600_000_000_000L);
        long begin = nanos.get();
        rate.await(1000);
        rate.await(1000);
        rate.await(1000);
        assertThat(nanos.get() - begin).isEqualTo(2_000_000_000L);
    }

    @Test
    void anotherLimitHoldsFromNowOn() throws InterruptedIOException {
        AtomicLong limit = new AtomicLong(1000);
        Rate rate = new Rate(limit::get, nanos::get, nanos::addAndGet);
        long begin = nanos.get();
        rate.await(1000);
        limit.set(100);
        rate.await(100);
        limit.set(Rate.NONE);
        rate.await(1_000_000);
        limit.set(100);
        rate.await(100);
        assertThat(nanos.get() - begin).isEqualTo(2_000_000_000L);
    }

    @Test
    void withoutALimitNothingWaits() throws InterruptedIOException {
        Rate rate = rate(Rate.NONE);
        rate.await(Long.MAX_VALUE);
        rate.await(Long.MAX_VALUE);
        assertThat(nanos).hasValue(-5);
    }
}
