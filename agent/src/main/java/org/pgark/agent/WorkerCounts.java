package org.pgark.agent;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.WorkerState;
import org.pgark.storage.RepeatedRequests;

/** Counts what the worker meets, and leaves it in the spool now and then. For several threads. */
final class WorkerCounts {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Spool spool;
    private final InstantSource clock;
    private final Instant since;
    private long archived;
    private long failures;
    private Optional<WorkerState.Failure> last = Optional.empty();
    private Optional<WorkerState> left = Optional.empty();
    private long leftAt = System.nanoTime() - PAUSE.toNanos();

    WorkerCounts(Spool spool, InstantSource clock) {
        this.spool = spool;
        this.clock = clock;
        this.since = clock.instant();
    }

    synchronized void archived() {
        archived++;
    }

    synchronized void failed(String name, String message) {
        failures++;
        last = Optional.of(new WorkerState.Failure(clock.instant(), name, message));
    }

    /** Leaves them in the spool if they have changed. */
    void leave() throws IOException {
        if (System.nanoTime() - leftAt >= PAUSE.toNanos()) {
            leaveNow();
        }
    }

    synchronized void leaveNow() throws IOException {
        WorkerState state = new WorkerState(since, archived, failures, RepeatedRequests.count(), last);
        if (!left.equals(Optional.of(state))) {
            state.write(spool);
            left = Optional.of(state);
        }
        leftAt = System.nanoTime();
    }
}
