package org.pgark.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pgark.storage.Throttling;

class InFlightTest {
    private final InFlight inFlight = new InFlight(8);

    private List<InFlight.Permit> acquired(int count) throws InterruptedException {
        List<InFlight.Permit> permits = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            permits.add(inFlight.acquire());
        }
        return permits;
    }

    @Test
    void isHalvedOnceForAllThatWereUnderWayTogether() throws Exception {
        List<InFlight.Permit> permits = acquired(8);
        permits.forEach(InFlight.Permit::throttled);
        assertThat(inFlight.limit()).isEqualTo(4);
        // Each of them has tried again since, in the smaller crowd.
        permits.getFirst().throttled();
        assertThat(inFlight.limit()).isEqualTo(2);
        permits.forEach(InFlight.Permit::close);
        for (int round = 0; round < 5; round++) {
            try (InFlight.Permit permit = inFlight.acquire()) {
                permit.throttled();
            }
        }
        assertThat(inFlight.limit()).isEqualTo(1);
    }

    @Test
    void growsByOneForEachRoundOfSuccesses() throws Exception {
        acquired(8).forEach(permit -> {
            permit.throttled();
            permit.close();
        });
        int transfers = 0;
        for (int limit = inFlight.limit(); limit < 8; limit = inFlight.limit()) {
            try (InFlight.Permit permit = inFlight.acquire()) {
                permit.transfer(() -> true);
            }
            transfers++;
        }
        assertThat(transfers).isBetween(20, 40);
        try (InFlight.Permit permit = inFlight.acquire()) {
            permit.transfer(() -> true);
        }
        assertThat(inFlight.limit()).isEqualTo(8);
    }

    @Test
    void hearsWhatItsOwnRequestsAreTold() throws Exception {
        try (InFlight.Permit permit = inFlight.acquire()) {
            permit.transfer(() -> {
                Throttling.told();
                return true;
            });
        }
        assertThat(inFlight.limit()).isEqualTo(1);
        Throttling.told();
        assertThat(inFlight.limit()).isEqualTo(1);
    }

    @Test
    void whoComesWhenTheLimitIsReachedWaits() throws Exception {
        List<InFlight.Permit> permits = acquired(8);
        CompletableFuture<Boolean> ninth = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (InFlight.Permit permit = inFlight.acquire()) {
                ninth.complete(permit.transfer(() -> true));
            } catch (Exception e) {
                ninth.completeExceptionally(e);
            }
        });
        permits.getFirst().throttled();
        permits.subList(0, 4).forEach(InFlight.Permit::close);
        assertThat(ninth).isNotDone();
        permits.get(4).close();
        assertThat(ninth.get(60, TimeUnit.SECONDS)).isTrue();
    }
}
