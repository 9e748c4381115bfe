package org.pgark.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.PassingStore;
import org.pgark.storage.StoreFeature;

/** A place in memory that replaces an object whose name is taken. */
final class ReplacingStore extends PassingStore {
    private Step before = _ -> {};
    private Step after = _ -> {};

    ReplacingStore() {
        super(new MemoryStore());
    }

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
    public ObjectWriter create(ObjectName name) throws IOException {
        ObjectWriter writer = store().create(name);
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
                synchronized (store()) {
                    store().delete(name);
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
}
