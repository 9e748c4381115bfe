package org.pgark.repository.writer;

import java.io.IOException;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;

/**
 * Whether a place holds a copy of a repository, to whose logs only the next copy adds. Object {@code copy} says that it was
 * made as one, object {@code promoted} that it has been written to by others since; both are empty.
 */
public final class CopyMark {
    private static final ObjectName COPY = new ObjectName("copy");
    private static final ObjectName PROMOTED = new ObjectName("promoted");

    private final ObjectStore store;
    private volatile boolean written;

    /** Nothing is asked yet. */
    public CopyMark(ObjectStore store) {
        this.store = store;
    }

    /** Whether what reads here must add nothing to the logs, so that copying can go on. */
    public boolean isCopy() throws IOException {
        return !written && isThere(COPY) && !isThere(PROMOTED);
    }

    /** From now on the place is a copy, also if it was promoted before. */
    public void set() throws IOException {
        if (isThere(PROMOTED)) {
            try {
                store.delete(PROMOTED);
            } catch (LockedObjectException e) {
                return;
            }
        }
        make(COPY);
    }

    /** Called before something is added to a log by others than who copies: from then on it is a copy no more. */
    public void promote() throws IOException {
        if (isCopy()) {
            make(PROMOTED);
        }
        written = true;
    }

    private boolean isThere(ObjectName name) throws IOException {
        return store.size(name).isPresent();
    }

    private void make(ObjectName name) throws IOException {
        if (isThere(name)) {
            return;
        }
        try (ObjectWriter writer = store.create(name)) {
            writer.commit();
        } catch (ObjectExistsException e) {
            store.settle(name);
        }
    }
}
