package org.pgark.repository.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoredObject;

/** Copies objects from one place to another, several at once. */
final class ObjectCopier {
    private static final int BUFFER = 4 << 20;

    private final ObjectStore from;
    private final ObjectStore to;
    private final int parallel;
    private final CopyProgress progress;
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong there = new AtomicLong();

    ObjectCopier(ObjectStore from, ObjectStore to, int parallel, CopyProgress progress) {
        this.from = from;
        this.to = to;
        this.parallel = parallel;
        this.progress = progress;
    }

    CopyOutcome outcome() {
        return new CopyOutcome(copied.get(), bytes.get(), there.get());
    }

    void noteThere() {
        there.incrementAndGet();
    }

    /** All bytes of a small object. */
    ByteBuffer read(ObjectStore store, ObjectName name) throws IOException {
        long size = store.size(name).orElseThrow(() -> new NoSuchObjectException(name, store.description()));
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(size));
        store.read(name, 0, content);
        return content.flip();
    }

    /**
     * Copies objects in any order.
     *
     * @return whether all were copied; false if some were deleted meanwhile
     */
    boolean copy(List<StoredObject> objects) throws IOException, InterruptedException {
        progress.total(
                objects.size(), objects.stream().mapToLong(StoredObject::size).sum());
        ExecutorService threads = Executors.newFixedThreadPool(
                parallel, Thread.ofPlatform().daemon().factory());
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (StoredObject object : objects) {
                results.add(threads.submit(() -> copyUnlessGone(object)));
            }
            boolean complete = true;
            for (Future<Boolean> result : results) {
                complete &= result.get();
            }
            return complete;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("an object could not be copied", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean copyUnlessGone(StoredObject object) throws IOException {
        try {
            copy(object);
            return true;
        } catch (NoSuchObjectException e) {
            return false;
        }
    }

    /** Copies one object; returns false, and does nothing, if somebody else has made it meanwhile. */
    boolean copy(StoredObject object) throws IOException {
        try (ObjectWriter writer = to.create(object.name())) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, object.size()));
            for (long at = 0; at < object.size(); at += BUFFER) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), object.size() - at));
                from.read(object.name(), at, buffer);
                writer.write(buffer.flip());
                progress.advanced(buffer.limit());
            }
            writer.commit();
            copied.incrementAndGet();
            bytes.addAndGet(object.size());
            return true;
        } catch (ObjectExistsException e) {
            noteThere();
            return false;
        }
    }
}
