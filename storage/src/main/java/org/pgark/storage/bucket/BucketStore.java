package org.pgark.storage.bucket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.OversizedObjectException;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.StoredObject;

/** Keeps objects in a bucket of an object service, under a common prefix. */
public final class BucketStore implements ObjectStore {
    /** Most objects that are read whole are smaller. */
    private static final int START = 64 << 10;

    private final BucketClient client;
    private final String description;
    private final String prefix;
    private final Transfers transfers;
    private final ReadAhead ahead;

    /**
     * Keeps objects under {@code prefix}.
     *
     * @param prefix empty, or parts joined by slashes without one at the end
     * @param description the place for messages, for example {@code s3://bucket/prefix}
     */
    public BucketStore(BucketClient client, String description, String prefix, StoreSettings settings) {
        this(client, description, prefix.isEmpty() ? "" : prefix + "/", new Transfers(settings));
    }

    private BucketStore(BucketClient client, String description, String prefix, Transfers transfers) {
        this.client = client;
        this.description = description;
        this.prefix = prefix;
        this.transfers = transfers;
        this.ahead = new ReadAhead(
                new ReadAhead.Source() {
                    @Override
                    public long size(String key) throws IOException {
                        return BucketStore.this.size(name(key)).orElse(-1);
                    }

                    @Override
                    public void read(String key, long offset, ByteBuffer target) throws IOException {
                        readFrom(name(key), offset, target);
                    }
                },
                transfers.threads());
    }

    @Override
    public Set<StoreFeature> features() {
        return client.features();
    }

    @Override
    public boolean isDistant() {
        return true;
    }

    @Override
    public ObjectStore unconditional() {
        return new BucketStore(client.unconditional(), description, prefix, transfers);
    }

    @Override
    public String description() {
        return description;
    }

    private String key(ObjectName name) {
        return prefix + name.value();
    }

    private ObjectName name(String key) {
        return new ObjectName(key.substring(prefix.length()));
    }

    @Override
    public ObjectWriter create(ObjectName name) {
        return new BucketObjectWriter(client, transfers, name, key(name), description);
    }

    @Override
    public OptionalLong size(ObjectName name) throws IOException {
        try {
            long size = client.size(key(name));
            return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
        } catch (IOException e) {
            throw failure("look for", name, e);
        }
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " is negative");
        }
        if (!target.hasRemaining()) {
            readNothing(name, offset);
            return;
        }
        if (!ahead.read(key(name), offset, target)) {
            readFrom(name, offset, target);
        }
    }

    @Override
    public Optional<byte[]> readWhole(ObjectName name, int most) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(Math.min(START, most));
        long size = readStart(name, start);
        if (size < 0) {
            return Optional.empty();
        }
        if (size > most) {
            throw new OversizedObjectException(name, size);
        }
        byte[] bytes = Arrays.copyOf(start.array(), (int) size);
        int got = start.position();
        if (got < bytes.length) {
            readFrom(name, got, ByteBuffer.wrap(bytes, got, bytes.length - got).slice());
        }
        return Optional.of(bytes);
    }

    /** The object's size in bytes, or -1 if there is none. */
    private long readStart(ObjectName name, ByteBuffer target) throws IOException {
        try (InFlight.Permit permit = transfers.downloads().acquire()) {
            long size = permit.transfer(() -> client.readStart(key(name), target));
            // Only now it is known how much it was.
            transfers.down().await(target.position());
            return size;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (IOException e) {
            throw failure("read", name, e);
        }
    }

    private void readFrom(ObjectName name, long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        BrokenStream broken = new BrokenStream();
        while (target.hasRemaining()) {
            int before = target.position();
            transfers.down().await(target.remaining());
            try (InFlight.Permit permit = transfers.downloads().acquire()) {
                if (!permit.transfer(() -> client.read(key(name), offset + target.position() - start, target))) {
                    throw new NoSuchObjectException(name, description);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            } catch (NoSuchObjectException e) {
                throw e;
            } catch (EOFException e) {
                throw new EOFException("object \"" + name + "\" in " + description + " ends too early");
            } catch (IOException e) {
                broken.pauseOrThrow(target.position() > before, failure("read", name, e));
            }
        }
    }

    private void readNothing(ObjectName name, long offset) throws IOException {
        OptionalLong size = size(name);
        if (size.isEmpty()) {
            throw new NoSuchObjectException(name, description);
        }
        if (offset > size.getAsLong()) {
            throw new EOFException("object \"" + name + "\" in " + description + " ends too early");
        }
    }

    @Override
    public List<StoredObject> list(ObjectName folder) throws IOException {
        List<StoredObject> found = new ArrayList<>();
        String from = "";
        do {
            ListPage page = page(folder, false, from);
            for (ListedKey listed : page.objects()) {
                String name = listed.key().substring(prefix.length());
                if (ObjectName.isName(name)) {
                    found.add(new StoredObject(new ObjectName(name), listed.size()));
                }
            }
            from = page.next();
        } while (!from.isEmpty());
        found.sort(Comparator.comparing(StoredObject::name));
        return found;
    }

    @Override
    public List<String> folders(ObjectName folder) throws IOException {
        Set<String> found = new TreeSet<>();
        String from = "";
        do {
            ListPage page = page(folder, true, from);
            page.folders().stream().filter(ObjectName::isName).forEach(found::add);
            from = page.next();
        } while (!from.isEmpty());
        return List.copyOf(found);
    }

    private ListPage page(ObjectName folder, boolean delimited, String from) throws IOException {
        try {
            return client.list(key(folder) + "/", delimited, from);
        } catch (IOException e) {
            throw failure("list", folder, e);
        }
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        if (size(name).isEmpty()) {
            throw new NoSuchObjectException(name, description);
        }
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        ahead.forget(key(name));
        try {
            client.delete(key(name));
        } catch (LockedKeyException e) {
            throw (LockedObjectException) new LockedObjectException(name, description, e.until()).initCause(e);
        } catch (IOException e) {
            throw failure("delete", name, e);
        }
    }

    @Override
    public Map<ObjectName, LockedObjectException> deleteAll(Collection<ObjectName> names) throws IOException {
        ManyDeletions deletions = new ManyDeletions(this::delete, transfers);
        List<ObjectName> all = List.copyOf(names);
        for (int at = 0; at < all.size(); at += BucketClient.MOST_DELETED) {
            List<ObjectName> next = all.subList(at, Math.min(all.size(), at + BucketClient.MOST_DELETED));
            deletions.make(next.size() == 1 ? next : deleteTogether(next));
        }
        return deletions.locked();
    }

    /** Returns those that are left. */
    private List<ObjectName> deleteTogether(List<ObjectName> names) throws IOException {
        List<String> keys = names.stream().map(this::key).toList();
        keys.forEach(ahead::forget);
        try {
            return client.deleteAll(keys).stream().map(this::name).toList();
        } catch (IOException e) {
            throw failure("delete", names.getFirst(), e);
        }
    }

    @Override
    public boolean retain(ObjectName name, Instant atLeast) throws IOException {
        Retained retained;
        try {
            retained = client.retain(key(name), atLeast);
        } catch (IOException e) {
            throw failure("lock", name, e);
        }
        return switch (retained) {
            case ALREADY -> false;
            case RENEWED -> true;
            case ABSENT -> throw new NoSuchObjectException(name, description);
        };
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return client.lock().map(ObjectLock::period);
    }

    @Override
    public void removeLeftovers(Duration olderThan) throws IOException {
        try {
            client.abortUploads(prefix, olderThan);
        } catch (IOException e) {
            throw new IOException("cannot remove what was not finished in " + description + ": " + e.getMessage(), e);
        }
    }

    private IOException failure(String action, ObjectName name, IOException cause) {
        return new IOException(
                "cannot " + action + " object \"" + name + "\" in " + description + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        try (transfers) {
            client.close();
        }
    }
}
