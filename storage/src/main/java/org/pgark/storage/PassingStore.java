package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A store in front of another one, which passes everything on. What {@link ObjectStore} itself makes of other methods, as it
 * makes {@link #readWhole} of {@link #read}, is made of the methods of this one.
 */
public abstract class PassingStore implements ObjectStore {
    private final ObjectStore store;

    /** Closing it closes {@code store}. */
    protected PassingStore(ObjectStore store) {
        this.store = store;
    }

    /** The other store. */
    protected final ObjectStore store() {
        return store;
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
    public Optional<Path> directory() {
        return store.directory();
    }

    @Override
    public boolean isDistant() {
        return store.isDistant();
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
    public boolean retain(ObjectName name, Instant atLeast) throws IOException {
        return store.retain(name, atLeast);
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return store.lockPeriod();
    }

    @Override
    public void openReserve() {
        store.openReserve();
    }

    @Override
    public void keepReserve() {
        store.keepReserve();
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
