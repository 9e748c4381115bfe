package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/**
 * Lets faults strike another store, for tests. A writer whose step failed gives its object up without clearing anything
 * away, as a process does that dies.
 */
public final class FaultyObjectStore extends PassingStore {
    private final StoreFaults faults;

    /** Passes everything on to {@code store} that {@code faults} let through. */
    public FaultyObjectStore(ObjectStore store, StoreFaults faults) {
        super(store);
        this.faults = faults;
    }

    /** So that requests are made one after the other, and faults strike where they struck before. */
    @Override
    public boolean isDistant() {
        return false;
    }

    @Override
    public ObjectWriter create(ObjectName name) throws IOException {
        faults.at(StoreStep.CREATE, name, 0);
        return new FaultyWriter(name, store().create(name));
    }

    /** Lets faults strike a writer. */
    private final class FaultyWriter implements ObjectWriter {
        private final ObjectName name;
        private final ObjectWriter writer;
        private boolean struck;

        FaultyWriter(ObjectName name, ObjectWriter writer) {
            this.name = name;
            this.writer = writer;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            struck = true;
            faults.at(StoreStep.WRITE, name, source.remaining());
            struck = false;
            writer.write(source);
        }

        @Override
        public void commit() throws IOException {
            struck = true;
            faults.at(StoreStep.COMMIT, name, 0);
            struck = false;
            writer.commit();
            struck = true;
            faults.at(StoreStep.COMMITTED, name, 0);
            struck = false;
        }

        @Override
        public void close() throws IOException {
            if (!struck) {
                writer.close();
            }
        }
    }

    @Override
    public OptionalLong size(ObjectName name) throws IOException {
        faults.at(StoreStep.SIZE, name, 0);
        return store().size(name);
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        faults.at(StoreStep.READ, name, target.remaining());
        store().read(name, offset, target);
    }

    @Override
    public List<StoredObject> list(ObjectName folder) throws IOException {
        faults.at(StoreStep.LIST, folder, 0);
        return store().list(folder);
    }

    @Override
    public List<String> folders(ObjectName folder) throws IOException {
        faults.at(StoreStep.LIST, folder, 0);
        return store().folders(folder);
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        faults.at(StoreStep.SETTLE, name, 0);
        store().settle(name);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        faults.at(StoreStep.DELETE, name, 0);
        store().delete(name);
        faults.at(StoreStep.DELETED, name, 0);
    }
}
