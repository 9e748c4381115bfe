package org.pgark.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/** Asks for the sizes of packs, several at the same time where each question has to go to a service and back. */
final class PackSizes {
    private static final int AT_THE_SAME_TIME = 16;

    private final ObjectStore store;
    private final ObjectName folder;
    private final boolean distant;

    /** @param distant whether to ask for several at the same time */
    PackSizes(ObjectStore store, ObjectName folder, boolean distant) {
        this.distant = distant;
        this.store = store;
        this.folder = folder;
    }

    /**
     * Makes sure that all are there in their full length.
     *
     * @throws NoSuchObjectException if one is missing
     * @throws DamagedObjectException if one has another length
     */
    void check(List<PackSummary> packs) throws IOException {
        if (!distant) {
            for (PackSummary pack : packs) {
                check(pack);
            }
            return;
        }
        ThreadFactory named =
                Thread.ofPlatform().daemon().name("pgark-sizes-", 0).factory();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_THE_SAME_TIME, named)) {
            List<Future<?>> questions = new ArrayList<>();
            for (PackSummary pack : packs) {
                questions.add(threads.submit(() -> {
                    check(pack);
                    return null;
                }));
            }
            try {
                for (Future<?> question : questions) {
                    question.get();
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private void check(PackSummary pack) throws IOException {
        ObjectName name = PackNames.of(folder, pack.id());
        OptionalLong size = store.size(name);
        if (size.isEmpty()) {
            throw new NoSuchObjectException(name, store.description());
        }
        if (size.getAsLong() != pack.size()) {
            throw new DamagedObjectException(name, "it has " + size.getAsLong() + " bytes instead of " + pack.size());
        }
    }
}
