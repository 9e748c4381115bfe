package org.pgark.storage;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps objects in memory, for tests and trials. */
public final class MemoryStore implements ObjectStore {
    private final ConcurrentSkipListMap<ObjectName, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public Set<StoreFeature> features() {
        return Set.of(StoreFeature.CONDITIONAL_CREATE);
    }

    @Override
    public String description() {
        return "memory:";
    }

    @Override
    public ObjectWriter create(ObjectName name) {
        return new MemoryObjectWriter(name);
    }

    /** Collects the bytes of one object. */
    private final class MemoryObjectWriter implements ObjectWriter {
        private final ObjectName name;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        MemoryObjectWriter(ObjectName name) {
            this.name = name;
        }

        @Override
        public void write(ByteBuffer source) {
            byte[] copy = new byte[source.remaining()];
            source.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void commit() throws IOException {
            if (objects.putIfAbsent(name, bytes.toByteArray()) != null) {
                throw new ObjectExistsException(name, description());
            }
        }

        @Override
        public void close() {
            bytes.reset();
        }
    }

    @Override
    public OptionalLong size(ObjectName name) {
        byte[] bytes = objects.get(name);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        byte[] bytes = objects.get(name);
        if (bytes == null) {
            throw new NoSuchObjectException(name, description());
        }
        if (offset < 0 || offset > bytes.length || target.remaining() > bytes.length - offset) {
            throw new EOFException("object \"" + name + "\" in " + description() + " ends too early");
        }
        target.put(bytes, (int) offset, target.remaining());
    }

    @Override
    public List<StoredObject> list(ObjectName folder) {
        String prefix = folder + "/";
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().value().startsWith(prefix))
                .map(entry -> new StoredObject(entry.getKey(), entry.getValue().length))
                .toList();
    }

    @Override
    public List<String> folders(ObjectName folder) {
        int start = folder.value().length() + 1;
        return list(folder).stream()
                .map(object -> object.name().value())
                .filter(name -> name.indexOf('/', start) > 0)
                .map(name -> name.substring(start, name.indexOf('/', start)))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        if (!objects.containsKey(name)) {
            throw new NoSuchObjectException(name, description());
        }
    }

    @Override
    public void delete(ObjectName name) {
        objects.remove(name);
    }

    @Override
    public void removeLeftovers(Duration olderThan) {}

    @Override
    public void close() {}
}
