package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.pgark.testkit.Waiting;

class WorkQueueTest {
    @Test
    void isBusyUntilTheLastPieceIsDone() throws Exception {
        try (WorkQueue queue = new WorkQueue(1)) {
            assertThat(queue.isBusy()).isFalse();
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch second = new CountDownLatch(1);
            queue.submit(WorkQueue.Urgency.REQUESTED, "1", () -> await(first));
            queue.submit(WorkQueue.Urgency.AHEAD, "2", () -> await(second));
            assertThat(queue.isBusy()).isTrue();
            first.countDown();
            assertThat(queue.isBusy()).isTrue();
            second.countDown();
            Waiting.until("nothing is left", () -> !queue.isBusy());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
