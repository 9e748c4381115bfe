package org.pgark.repository.pack;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.StoredObject;

/** Takes everything and keeps nothing. */
final class SinkStore implements ObjectStore {
    @Override
    public Set<StoreFeature> features() {
        return Set.of();
    }

    @Override
    public String description() {
        return "sink:";
    }

    @Override
    public ObjectWriter create(ObjectName name) {
        return new ObjectWriter() {
            @Override
            public void write(ByteBuffer source) {
                source.position(source.limit());
            }

            @Override
            public void commit() {}

            @Override
            public void close() {}
        };
    }

    @Override
    public OptionalLong size(ObjectName name) {
        return OptionalLong.empty();
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws NoSuchObjectException {
        throw new NoSuchObjectException(name, description());
    }

    @Override
    public List<StoredObject> list(ObjectName folder) {
        return List.of();
    }

    @Override
    public List<String> folders(ObjectName folder) {
        return List.of();
    }

    @Override
    public void settle(ObjectName name) {}

    @Override
    public void delete(ObjectName name) {}

    @Override
    public void removeLeftovers(Duration olderThan) {}

    @Override
    public void close() {}
}
