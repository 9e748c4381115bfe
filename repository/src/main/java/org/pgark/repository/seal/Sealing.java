package org.pgark.repository.seal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How the objects of an encrypted repository are sealed. For several threads. */
public final class Sealing {
    /** Bytes of an object's salt. */
    public static final int SALT_LENGTH = 32;

    private static final String CONTENT = "pgark content name 1";

    /** Some 300 bytes each. */
    private static final int KEYS_KEPT = 4096;

    private final DataKeys keys;
    private final byte[] repository;
    private final byte[] nameKey;
    private final RandomGenerator random;
    private final Map<String, ObjectKey> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ObjectKey> eldest) {
            return size() > KEYS_KEPT;
        }
    };

    /**
     * Seals with the keys of a repository.
     *
     * @param repositoryId 32 hexadecimal digits; every frame is bound to it
     * @param nameKey by which names of objects speak of contents, 32 bytes
     */
    public Sealing(DataKeys keys, String repositoryId, byte[] nameKey) {
        this(keys, repositoryId, nameKey, new SecureRandom());
    }

    /** Draws salts from {@code random}, for objects whose bytes have to be known beforehand. */
    public Sealing(DataKeys keys, String repositoryId, byte[] nameKey, RandomGenerator random) {
        this.nameKey = nameKey.clone();
        this.keys = keys;
        this.repository = HexFormat.of().parseHex(repositoryId);
        this.random = random;
    }

    /** The repository's id, 16 bytes. */
    public byte[] repository() {
        return repository.clone();
    }

    /** Sixteen hexadecimal digits that tell contents from one another, by their SHA-256 and a key. */
    public String contentDigits(String sha256) {
        byte[] digits = Hkdf.derive(nameKey, HexFormat.of().parseHex(sha256), CONTENT, Long.BYTES);
        return HexFormat.of().formatHex(digits);
    }

    /**
     * What a new object's header says.
     *
     * @param keyNumber the data key's number
     * @param salt of the object's key, 32 bytes
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Salt(int keyNumber, byte[] salt) {}

    /** A salt for a new object, under the current data key. */
    public Salt newSalt() throws IOException {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return new Salt(keys.current().number(), salt);
    }

    /** The key of an object; empty if its data key is not known. */
    public Optional<ObjectKey> keyOf(Salt salt) throws IOException {
        String name = salt.keyNumber() + " " + HexFormat.of().formatHex(salt.salt());
        synchronized (kept) {
            ObjectKey known = kept.get(name);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<ObjectKey> derived = keys.find(salt.keyNumber()).map(key -> key.objectKey(salt.salt()));
        derived.ifPresent(key -> {
            synchronized (kept) {
                kept.put(name, key);
            }
        });
        return derived;
    }
}
