package org.pgark.repository.frame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.seal.ObjectKey;
import org.pgark.repository.seal.Sealing;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/**
 * Where framed objects are kept, and whether they are sealed: in an encrypted repository every one is, on writing and on
 * reading, so that nobody can put plain ones among them. For several threads.
 */
public final class FramedObjects {
    /** Some 300 bytes each. */
    private static final int HEADERS_KEPT = 4096;

    private final ObjectStore store;
    private final Optional<Sealing> sealing;
    private final Map<ObjectName, ObjectHeader> headers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectName, ObjectHeader> eldest) {
            return size() > HEADERS_KEPT;
        }
    };

    private FramedObjects(ObjectStore store, Optional<Sealing> sealing) {
        this.store = store;
        this.sealing = sealing;
    }

    /** Objects of a repository that is not encrypted. */
    public static FramedObjects unsealed(ObjectStore store) {
        return new FramedObjects(store, Optional.empty());
    }

    /** Objects of an encrypted repository. */
    public static FramedObjects encrypted(ObjectStore store, Sealing sealing) {
        return new FramedObjects(store, Optional.of(sealing));
    }

    /** The store. */
    public ObjectStore store() {
        return store;
    }

    /**
     * Sixteen hexadecimal digits by which contents are told from another in names of objects; of an encrypted repository
     * they say nothing to who has no key.
     *
     * @param sha256 the content's hash, 64 hexadecimal digits
     */
    public String contentDigits(String sha256) {
        return sealing.map(keys -> keys.contentDigits(sha256)).orElseGet(() -> sha256.substring(0, 16));
    }

    /** A header for a new object. */
    ObjectHeader newHeader(ObjectKind kind, ObjectId id) throws IOException {
        return new ObjectHeader(
                kind, id, sealing.isPresent() ? Optional.of(sealing.get().newSalt()) : Optional.empty());
    }

    /**
     * The seal of an object's frames.
     *
     * @throws DamagedObjectException if it is sealed where nothing is, or not where everything is, or with an unknown key
     */
    FrameSeal seal(ObjectName name, ObjectHeader header) throws IOException {
        if (sealing.isEmpty() != header.salt().isEmpty()) {
            throw new DamagedObjectException(
                    name,
                    sealing.isEmpty()
                            ? "it is sealed, but the repository is not encrypted"
                            : "it is not sealed, but the repository is encrypted");
        }
        if (sealing.isEmpty()) {
            return new FrameTags(name, header.kind(), header.id());
        }
        Sealing.Salt salt = header.salt().orElseThrow();
        Optional<ObjectKey> key = sealing.get().keyOf(salt);
        if (key.isEmpty()) {
            throw new DamagedObjectException(
                    name, "it is sealed with data key " + salt.keyNumber() + ", which the repository does not have");
        }
        return new FrameCipher(key.get(), sealing.get().repository(), name, header.kind(), header.id());
    }

    /** The seal of an object whose id is known, for who reads single frames of it; a sealed object's header is read once. */
    FrameSeal seal(ObjectName name, ObjectKind kind, ObjectId id) throws IOException {
        if (sealing.isEmpty()) {
            return new FrameTags(name, kind, id);
        }
        ObjectHeader header;
        synchronized (headers) {
            header = headers.get(name);
        }
        if (header == null) {
            header = readHeader(name, kind);
        }
        if (!header.id().equals(id)) {
            throw new DamagedObjectException(name, "it is another object, " + header.id());
        }
        FrameSeal seal = seal(name, header);
        synchronized (headers) {
            headers.put(name, header);
        }
        return seal;
    }

    private ObjectHeader readHeader(ObjectName name, ObjectKind kind) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FramedObjectFormat.HEADER_LENGTH);
        try {
            store.read(name, 0, bytes);
        } catch (EOFException e) {
            throw new DamagedObjectException(name, "it ends before its header does");
        }
        return FramedObjectFormat.checkHeader(bytes.flip(), 0, name, kind);
    }
}
