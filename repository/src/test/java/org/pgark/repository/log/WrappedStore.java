package org.pgark.repository.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.StoredObject;

/** Passes everything on. */
class WrappedStore implements ObjectStore {
    private final ObjectStore store;

    WrappedStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Set<StoreFeature> features() {
        return store.features();
    }

    @Override
    public String description() {
        return store.description();
    }

    @Override
    public ObjectWriter create(ObjectName name) throws IOException {
        return store.create(name);
    }

    @Override
    public OptionalLong size(ObjectName name) throws IOException {
        return store.size(name);
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        store.read(name, offset, target);
    }

    @Override
    public List<StoredObject> list(ObjectName folder) throws IOException {
        return store.list(folder);
    }

    @Override
    public List<String> folders(ObjectName folder) throws IOException {
        return store.folders(folder);
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        store.settle(name);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        store.delete(name);
    }

    @Override
    public void removeLeftovers(Duration olderThan) throws IOException {
        store.removeLeftovers(olderThan);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
