package org.pgark.repository.seal;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key of one object, of 256 bits. */
public final class ObjectKey {
    static final int LENGTH = 32;

    private final SecretKey key;

    ObjectKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    SecretKey key() {
        return key;
    }

    /** Does not tell the key. */
    @Override
    public String toString() {
        return "object key";
    }
}
