package org.pgark.storage.bucket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.ObjectName;

/** Deletes objects one by one, several at the same time. After a failure no other is begun. */
final class ManyDeletions {
    private static final int MOST_AT_ONCE = 16;

    private final Deletion deletion;
    private final Transfers transfers;
    private final Map<ObjectName, LockedObjectException> locked = new ConcurrentSkipListMap<>();
    private volatile boolean failed;

    /** Deletes one object. */
    interface Deletion {
        void delete(ObjectName name) throws IOException;
    }

    ManyDeletions(Deletion deletion, Transfers transfers) {
        this.deletion = deletion;
        this.transfers = transfers;
    }

    /** Those that stay, because they are locked. */
    Map<ObjectName, LockedObjectException> locked() {
        return locked;
    }

    void make(Collection<ObjectName> names) throws IOException {
        Queue<ObjectName> waiting = new ConcurrentLinkedQueue<>(names);
        List<Future<?>> working = new ArrayList<>();
        for (int number = 0; number < Math.min(names.size(), MOST_AT_ONCE); number++) {
            working.add(transfers.threads().submit(() -> {
                work(waiting);
                return true;
            }));
        }
        try {
            await(working);
        } catch (InterruptedException e) {
            working.forEach(one -> one.cancel(true));
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private void work(Queue<ObjectName> waiting) throws IOException, InterruptedException {
        for (ObjectName name = waiting.poll(); name != null && !failed; name = waiting.poll()) {
            delete(name);
        }
    }

    private void delete(ObjectName name) throws IOException, InterruptedException {
        boolean done = false;
        try (InFlight.Permit permit = transfers.downloads().acquire()) {
            permit.transfer(() -> {
                deletion.delete(name);
                return true;
            });
            done = true;
        } catch (LockedObjectException e) {
            locked.put(name, e);
            done = true;
        } finally {
            failed |= !done;
        }
    }

    private static void await(List<Future<?>> working) throws IOException, InterruptedException {
        List<IOException> failures = new ArrayList<>();
        for (Future<?> one : working) {
            try {
                one.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException failure)) {
                    throw new IllegalStateException("objects could not be deleted", e.getCause());
                }
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            IOException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
