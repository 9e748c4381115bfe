package org.pgark.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.ManyRequests;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/** Asks for the sizes of packs, several at the same time where each question has to go to a service and back. */
final class PackSizes {
    /** At the same time, of a service. */
    static final int TOGETHER = 16;

    private final ObjectStore store;
    private final ObjectName folder;
    private final ManyRequests requests;

    /** @param requests how to ask for many */
    PackSizes(ObjectStore store, ObjectName folder, ManyRequests requests) {
        this.requests = requests;
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
        List<Callable<PackSummary>> questions = new ArrayList<>();
        for (PackSummary pack : packs) {
            questions.add(() -> {
                check(pack);
                return pack;
            });
        }
        List<PackSummary> _ = requests.make(questions);
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
