package org.pgark.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.StoredObject;

/** A place in memory that replaces an object whose name is taken. */
final class ReplacingStore implements ObjectStore {
    private final MemoryStore store = new MemoryStore();
    private Step before = _ -> {};
    private Step after = _ -> {};

    /** Something that happens when an object is created. */
    interface Step {
        void run(ObjectName name) throws IOException;
    }

    /** Happens once, before the next object is created. */
    void before(Step step) {
        before = step;
    }

    /** Happens once, after the next object was created. */
    void after(Step step) {
        after = step;
    }

    @Override
    public ObjectWriter create(ObjectName name) {
        ObjectWriter writer = store.create(name);
        return new ObjectWriter() {
            @Override
            public void write(ByteBuffer source) throws IOException {
                writer.write(source);
            }

            @Override
            public void commit() throws IOException {
                Step first = before;
                Step second = after;
                before = _ -> {};
                after = _ -> {};
                first.run(name);
                synchronized (store) {
                    store.delete(name);
                    writer.commit();
                }
                second.run(name);
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }

    @Override
    public Set<StoreFeature> features() {
        return Set.of();
    }

    @Override
    public String description() {
        return "replacing:";
    }

    @Override
    public OptionalLong size(ObjectName name) {
        return store.size(name);
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        store.read(name, offset, target);
    }

    @Override
    public List<StoredObject> list(ObjectName folder) {
        return store.list(folder);
    }

    @Override
    public List<String> folders(ObjectName folder) {
        return store.folders(folder);
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        store.settle(name);
    }

    @Override
    public void delete(ObjectName name) {
        store.delete(name);
    }

    @Override
    public void removeLeftovers(Duration olderThan) {
        store.removeLeftovers(olderThan);
    }

    @Override
    public void close() {
        store.close();
    }
}
