package org.pgark.repository.writer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.PassingStore;

/**
 * A place that replaces an object whose name is taken, used as if it refused: under a lock on the name it is asked whether this
 * host is the writer and whether the name is free; then the object is created, and afterwards both are asked again, what
 * is there being compared with what was written. Names of packs are random and need none of it.
 */
public final class SingleWriterStore extends PassingStore {
    private static final int COMPARED = 64 << 10;
    private static final int WORD_BYTES = 16;

    private final String repository;
    private final SoleWriters writers;
    private final WriterObjects objects;

    /** Closing it closes {@code store}. */
    public SingleWriterStore(ObjectStore store, String repository, SoleWriters writers) {
        super(store.unconditional());
        this.repository = repository;
        this.writers = writers;
        this.objects = new WriterObjects(store());
    }

    /** Makes this host the writer from now on. */
    public void takeOver(RandomGenerator random) throws IOException {
        byte[] word = new byte[WORD_BYTES];
        random.nextBytes(word);
        writers.keep(repository, HexFormat.of().formatHex(word));
        objects.add(HexFormat.of().formatHex(word));
    }

    /** Whether this host is the writer. */
    public boolean isWriter() throws IOException {
        Optional<String> ours = writers.word(repository);
        return ours.isPresent() && objects.newest().equals(ours);
    }

    private void requireWriter() throws IOException {
        if (!isWriter()) {
            throw new OtherWriterException("the repository in " + store().description()
                    + " can only have one writer, which is not this host and user");
        }
    }

    private static boolean isRandom(ObjectName name) {
        return name.value().startsWith("clusters/") && name.value().contains("/packs/");
    }

    @Override
    public ObjectWriter create(ObjectName name) throws IOException {
        return isRandom(name) ? store().create(name) : new LookingWriter(name, store().create(name));
    }

    /** Takes a name only if it is free. */
    private final class LookingWriter implements ObjectWriter {
        private final ObjectName name;
        private final ObjectWriter writer;
        private final byte[] beginning = new byte[COMPARED];
        private final byte[] end = new byte[COMPARED];
        private long length;

        LookingWriter(ObjectName name, ObjectWriter writer) {
            this.name = name;
            this.writer = writer;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            if (length < COMPARED) {
                source.duplicate().get(beginning, (int) length, (int) Math.min(COMPARED - length, source.remaining()));
            }
            keepEnd(source.duplicate());
            length += source.remaining();
            writer.write(source);
        }

        private void keepEnd(ByteBuffer source) {
            int taken = Math.min(COMPARED, source.remaining());
            System.arraycopy(end, taken, end, 0, COMPARED - taken);
            source.position(source.limit() - taken).get(end, COMPARED - taken, taken);
        }

        @Override
        public void commit() throws IOException {
            writers.locks(repository).hold(name, this::commitIfFree);
        }

        private void commitIfFree() throws IOException {
            requireWriter();
            if (store().size(name).isPresent()) {
                throw new ObjectExistsException(name, description());
            }
            writer.commit();
            if (!isThere()) {
                throw new OtherWriterException(
                        "object \"" + name + "\" in " + description()
                                + " is not what was written a moment ago: there is another writer, though there can only be one");
            }
            requireWriter();
        }

        /** By its length, its first bytes and its last ones. */
        private boolean isThere() throws IOException {
            int compared = (int) Math.min(COMPARED, length);
            OptionalLong found = store().size(name);
            try {
                return found.isPresent()
                        && found.getAsLong() == length
                        && Arrays.equals(read(0, compared), Arrays.copyOf(beginning, compared))
                        && Arrays.equals(
                                read(length - compared, compared),
                                Arrays.copyOfRange(end, COMPARED - compared, COMPARED));
            } catch (NoSuchObjectException | EOFException e) {
                return false;
            }
        }

        private byte[] read(long offset, int count) throws IOException {
            byte[] bytes = new byte[count];
            store().read(name, offset, ByteBuffer.wrap(bytes));
            return bytes;
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        requireWriter();
        store().delete(name);
    }

    @Override
    public Map<ObjectName, LockedObjectException> deleteAll(Collection<ObjectName> names) throws IOException {
        requireWriter();
        return store().deleteAll(names);
    }

    @Override
    public Optional<byte[]> readWhole(ObjectName name, int most) throws IOException {
        return store().readWhole(name, most);
    }

    @Override
    public void removeLeftovers(Duration olderThan) throws IOException {
        requireWriter();
        store().removeLeftovers(olderThan);
    }
}
