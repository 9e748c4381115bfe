package org.pgark.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/** Locks anew all that a backup needs to be restored, where the place of the repository locks objects. */
final class BackupLock {
    private static final int PARALLEL = 16;

    private final ObjectStore store;
    private final ObjectName clusterLog;

    BackupLock(ObjectStore store, ObjectName clusterLog) {
        this.store = store;
        this.clusterLog = clusterLog;
    }

    /**
     * Locks these and what makes them readable: what names the repository, its keys, and its logs.
     *
     * @return how many objects were locked
     */
    long lock(List<ObjectName> contents) throws IOException {
        if (!store.locksObjects()) {
            return 0;
        }
        List<ObjectName> all = new ArrayList<>(contents);
        all.add(new ObjectName("repository"));
        for (ObjectName folder : List.of(new ObjectName("keys"), new ObjectName("log"), clusterLog)) {
            store.list(folder).stream().map(StoredObject::name).forEach(all::add);
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(PARALLEL)) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (ObjectName name : all) {
                results.add(threads.submit(() -> {
                    store.retain(name);
                    return true;
                }));
            }
            for (Future<Boolean> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("an object could not be locked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new java.io.InterruptedIOException("interrupted").initCause(e);
        }
        return all.size();
    }
}
