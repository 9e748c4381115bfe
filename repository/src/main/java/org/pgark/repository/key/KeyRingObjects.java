package org.pgark.repository.key;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.writer.CopyMark;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoredObject;

/**
 * The revisions of a repository's key ring: {@code keys/<repository id>/<n>}, of which the greatest counts. Usually there
 * is one.
 */
final class KeyRingObjects {
    private static final int LARGEST = 4 << 20;
    private static final int DIGITS = 16;
    private static final int ATTEMPTS = 20;

    private final ObjectStore store;
    private final ObjectName folder;
    private final String repositoryId;

    KeyRingObjects(ObjectStore store, String repositoryId) {
        this.store = store;
        this.repositoryId = repositoryId;
        this.folder = new ObjectName("keys").child(repositoryId);
    }

    /**
     * A revision that was read.
     *
     * @param sha256 of the object's bytes, as 64 hexadecimal digits
     */
    record Found(ObjectName name, KeyRingObject object, String sha256) {}

    ObjectName name(long revision) {
        String digits = Long.toString(revision);
        return folder.child("0".repeat(DIGITS - digits.length()) + digits);
    }

    private static long number(StoredObject object) {
        String digits = object.name().lastPart();
        return digits.matches("[0-9]{16}") ? Long.parseLong(digits) : 0;
    }

    /** The revision that counts; empty if there is none. */
    Optional<Found> newest() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long greatest = 0;
            for (StoredObject object : store.list(folder)) {
                greatest = Math.max(greatest, number(object));
            }
            // A listing may be behind.
            while (store.size(name(greatest + 1)).isPresent()) {
                greatest++;
            }
            if (greatest == 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(read(greatest));
            } catch (NoSuchObjectException e) {
                // It was replaced by the next one a moment ago, which is looked for now.
                assert attempt < ATTEMPTS : e;
            }
        }
        throw new IOException("the keys of the repository in " + store.description() + " change too fast");
    }

    private Found read(long revision) throws IOException {
        ObjectName name = name(revision);
        OptionalLong size = store.size(name);
        if (size.isEmpty()) {
            throw new NoSuchObjectException(name, store.description());
        }
        if (size.getAsLong() > LARGEST) {
            throw new DamagedObjectException(name, "it has " + size.getAsLong() + " bytes");
        }
        byte[] bytes = new byte[(int) size.getAsLong()];
        try {
            store.read(name, 0, ByteBuffer.wrap(bytes));
        } catch (EOFException e) {
            throw new DamagedObjectException(name, "it became shorter than " + bytes.length + " bytes");
        }
        KeyRingObject object = KeyRingObject.decode(name, bytes, repositoryId);
        if (object.revision() != revision) {
            throw new DamagedObjectException(name, "it is revision " + object.revision());
        }
        return new Found(name, object, sha256(bytes));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    /**
     * Writes a revision; returns false if there is one of this number already, or was: the number is free again once a later
     * revision counts, and what is written then counts for nothing and does not stay.
     */
    boolean write(long revision, byte[] bytes) throws IOException {
        new CopyMark(store).promote();
        try (ObjectWriter writer = store.create(name(revision))) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit();
        } catch (ObjectExistsException e) {
            return false;
        }
        Optional<Found> newest = newest();
        boolean counts = newest.isPresent()
                && newest.get().object().revision() == revision
                && newest.get().sha256().equals(sha256(bytes));
        if (!counts && newest.isPresent() && newest.get().object().revision() > revision) {
            store.deleteUnlessLocked(name(revision));
        }
        return counts;
    }

    /** Deletes the revisions before one that is durable; those that are locked stay, and count for nothing. */
    void deleteBefore(long revision) throws IOException {
        for (StoredObject object : store.list(folder)) {
            long number = number(object);
            if (number > 0 && number < revision) {
                store.deleteUnlessLocked(object.name());
            }
        }
    }
}
