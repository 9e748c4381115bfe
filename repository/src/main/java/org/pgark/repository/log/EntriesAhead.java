package org.pgark.repository.log;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/**
 * Reads entries of a log before they are asked for, all at the same time: one after the other, each would cost the way to a
 * service and back. Does nothing where the objects are on this host. What cannot be read, or is large, is left to who asks.
 */
final class EntriesAhead implements AutoCloseable {
    /** Of one entry; there are never more of them than lie between two that carry a state. */
    private static final int MOST_BYTES = 256 << 10;

    private final ObjectStore store;
    private final Map<ObjectName, CompletableFuture<Optional<byte[]>>> begun = new ConcurrentHashMap<>();

    EntriesAhead(ObjectStore store) {
        this.store = store;
    }

    void begin(ObjectName name) {
        if (store.directory().isEmpty()) {
            begun.put(name, CompletableFuture.supplyAsync(() -> read(name), Thread::startVirtualThread));
        }
    }

    private Optional<byte[]> read(ObjectName name) {
        try {
            return store.readWhole(name, MOST_BYTES);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The bytes of an object, once; empty if they were not read. */
    Optional<byte[]> take(ObjectName name) {
        CompletableFuture<Optional<byte[]>> reading = begun.remove(name);
        try {
            return reading == null ? Optional.empty() : reading.join();
        } catch (CompletionException e) {
            return Optional.empty();
        }
    }

    /** Forgets what nobody asked for. */
    @Override
    public void close() {
        begun.clear();
    }
}
