package org.pgark.storage;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Decides which steps of a {@link FaultyObjectStore} fail. */
public interface StoreFaults {
    /**
     * Called at each step; an exception is the fault.
     *
     * @param bytes how many bytes are going to be written or read; 0 at other steps
     */
    void at(StoreStep step, ObjectName name, int bytes) throws IOException;

    /** No step fails. */
    static StoreFaults none() {
        return (_, _, _) -> {};
    }

    /** The process dies at step {@code number} (from 1): that step and all later ones fail. */
    static StoreFaults dyingAt(long number) {
        AtomicLong steps = new AtomicLong();
        return (step, name, _) -> {
            if (steps.incrementAndGet() >= number) {
                throw new IOException("died at " + step + " of object \"" + name + "\"");
            }
        };
    }

    /** Only step {@code number} (from 1) fails. */
    static StoreFaults failingAt(long number) {
        AtomicLong steps = new AtomicLong();
        return (step, name, _) -> {
            if (steps.incrementAndGet() == number) {
                throw new IOException("failed at " + step + " of object \"" + name + "\"");
            }
        };
    }

    /** The place is full after so many bytes. */
    static StoreFaults fullAfter(long capacity) {
        AtomicLong written = new AtomicLong();
        return (step, name, bytes) -> {
            if (step == StoreStep.WRITE && written.addAndGet(bytes) > capacity) {
                throw new IOException("cannot write object \"" + name + "\": No space left on device");
            }
        };
    }
}
