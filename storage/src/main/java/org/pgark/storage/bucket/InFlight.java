package org.pgark.storage.bucket;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.pgark.storage.Throttling;

/**
 * How many transfers may be under way at the same time: no more than a limit, which is halved when the service says that it is
 * too busy, and grows by one for each round of transfers that succeed. For several threads.
 *
 * <p>What a transfer hears that began before the limit was lowered speaks of the crowd that there was before, so it lowers
 * nothing again.
 */
final class InFlight {
    private final int most;
    private final Lock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    private double limit;
    private int active;
    private long lowered;

    InFlight(int most) {
        this.most = most;
        this.limit = most;
    }

    /** Waits until one more may be under way. */
    Permit acquire() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (active >= limit()) {
                free.await();
            }
            active++;
            return new Permit(lowered);
        } finally {
            lock.unlock();
        }
    }

    /** How many may be under way now. */
    int limit() {
        lock.lock();
        try {
            return (int) limit;
        } finally {
            lock.unlock();
        }
    }

    /** One transfer. */
    final class Permit implements AutoCloseable, Throttling.Listener {
        private long began;
        private boolean throttled;

        private Permit(long began) {
            this.began = began;
        }

        /** Transfers. */
        <T> T transfer(Throttling.Requests<T> requests) throws IOException {
            T result = Throttling.heard(this, requests);
            succeeded();
            return result;
        }

        private void succeeded() {
            lock.lock();
            try {
                if (!throttled) {
                    limit = Math.min(most, limit + 1 / limit);
                    free.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void throttled() {
            lock.lock();
            try {
                if (began == lowered) {
                    limit = Math.max(1, Math.min(limit, active) / 2);
                    lowered++;
                }
                began = lowered;
                throttled = true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                active--;
                free.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
