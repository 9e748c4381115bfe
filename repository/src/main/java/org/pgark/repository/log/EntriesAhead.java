package org.pgark.repository.log;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/**
 * Reads entries of a log before they are asked for, several at the same time: one after the other, each would cost the way to
 * a service and back. What cannot be read, or is large, is left to who asks. Not for several threads.
 */
final class EntriesAhead implements AutoCloseable {
    /** Nothing is read ahead. */
    static final EntriesAhead NONE = new EntriesAhead(Map.of(), Optional.empty());

    private static final int AT_THE_SAME_TIME = 16;

    /** Of one entry; there are never more of them than lie between two that carry a state. */
    private static final int MOST_BYTES = 256 << 10;

    private final Map<ObjectName, CompletableFuture<Optional<byte[]>>> begun;
    private final Optional<ExecutorService> threads;

    private EntriesAhead(
            Map<ObjectName, CompletableFuture<Optional<byte[]>>> begun, Optional<ExecutorService> threads) {
        this.begun = begun;
        this.threads = threads;
    }

    /** Begins to read these. */
    static EntriesAhead of(ObjectStore store, List<ObjectName> names) {
        // A virtual thread that waits for a socket would keep the process for a while when it wants to end.
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(AT_THE_SAME_TIME, names.size()),
                Thread.ofPlatform().daemon().name("pgark-log-", 0).factory());
        Map<ObjectName, CompletableFuture<Optional<byte[]>>> begun = new HashMap<>();
        for (ObjectName name : names) {
            begun.put(name, CompletableFuture.supplyAsync(() -> read(store, name), threads));
        }
        return new EntriesAhead(begun, Optional.of(threads));
    }

    private static Optional<byte[]> read(ObjectStore store, ObjectName name) {
        try {
            return store.readWhole(name, MOST_BYTES);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The bytes of an object; empty if they were not read. */
    Optional<byte[]> find(ObjectName name) {
        CompletableFuture<Optional<byte[]>> reading = begun.get(name);
        try {
            return reading == null ? Optional.empty() : reading.join();
        } catch (CompletionException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.ifPresent(ExecutorService::shutdownNow);
    }
}
