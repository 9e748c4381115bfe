package org.pgark.physical.backup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.manifest.FramePart;

/**
 * Runs of pages that this backup stored already, so that equal files of several databases are stored once. Remembers the
 * latest ones, in bounded memory. For several threads.
 */
final class SharedRuns {
    private static final int BUCKETS = 1 << 14;
    private static final int WAYS = 4;

    private final @Nullable Run[] runs = new @Nullable Run[BUCKETS * WAYS];
    private final byte[] next = new byte[BUCKETS];

    private record Run(RunHash hash, FramePart part) {}

    private static int bucket(RunHash hash) {
        return (int) hash.high() & (BUCKETS - 1);
    }

    /** Where a run of this hash is; empty if none is remembered. */
    synchronized Optional<FramePart> find(RunHash hash) {
        for (int way = 0; way < WAYS; way++) {
            Run run = runs[bucket(hash) * WAYS + way];
            if (run != null && run.hash.equals(hash)) {
                return Optional.of(run.part);
            }
        }
        return Optional.empty();
    }

    /** Remembers a run. */
    synchronized void add(RunHash hash, FramePart part) {
        int bucket = bucket(hash);
        runs[bucket * WAYS + next[bucket]] = new Run(hash, part);
        next[bucket] = (byte) ((next[bucket] + 1) % WAYS);
    }
}
