package org.pgark.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.wal.Answer;
import org.pgark.physical.wal.Request;
import org.pgark.physical.wal.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file that is to be pushed or fetched, and the fronts that wait for it. Guarded by its owner. */
final class Job {
    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    private final Set<Request> waiting = new LinkedHashSet<>();
    private boolean begun;
    private long awaitedSince;

    /** A front waits for it; one that has asked before, because it had no answer for long, still waits once. */
    void join(Request request) {
        if (waiting.isEmpty()) {
            awaitedSince = System.nanoTime();
        }
        waiting.add(request);
    }

    /** Whether it is to be done now; false from the second call on. */
    boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /** Whether it is being done. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether a front waits for it. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** Whether a front has been waiting for it for so long. */
    boolean isAwaitedFor(Duration time) {
        return isAwaited() && System.nanoTime() - awaitedSince >= time.toNanos();
    }

    /** The requests of those who wait. */
    List<Request> waiting() {
        return List.copyOf(waiting);
    }

    /** Tells all who wait, who do not wait any more then. */
    void answer(Answer answer, Spool spool) {
        for (Request request : waiting) {
            answer(request, answer, spool);
        }
        waiting.clear();
    }

    /** Tells a front; makes the spool anew where it was removed, since that front would wait in vain. */
    static void answer(Request request, Answer answer, Spool spool) {
        try {
            try {
                request.answer(answer);
            } catch (IOException e) {
                spool.make();
                request.answer(answer);
            }
        } catch (IOException | FailedException e) {
            LOG.warn("request for \"{}\" cannot be answered: {}", request.name(), e.toString());
        }
    }
}
