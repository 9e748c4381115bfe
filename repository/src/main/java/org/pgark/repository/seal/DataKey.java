package org.pgark.repository.seal;

import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A key from which the keys of objects are derived. */
public final class DataKey {
    /** Its length in bytes. */
    public static final int LENGTH = 32;

    private static final String OBJECT = "pgark object 1";

    private final int number;
    private final byte[] secret;
    private final Instant created;

    /**
     * A key.
     *
     * @param number which of the repository's data keys it is, from 1; stands in the header of objects
     * @param secret 32 bytes
     * @param created when it was made
     */
    public DataKey(int number, byte[] secret, Instant created) {
        if (number < 1 || secret.length != LENGTH) {
            throw new IllegalArgumentException("invalid data key " + number + " of " + secret.length + " bytes");
        }
        this.number = number;
        this.secret = secret.clone();
        this.created = created;
    }

    /** A new one, drawn from {@code random}. */
    public static DataKey random(int number, RandomGenerator random, Instant created) {
        byte[] secret = new byte[LENGTH];
        random.nextBytes(secret);
        return new DataKey(number, secret, created);
    }

    /** Which of the repository's data keys it is. */
    public int number() {
        return number;
    }

    /** When it was made. */
    public Instant created() {
        return created;
    }

    /** The key itself, to be wrapped. */
    public byte[] secret() {
        return secret.clone();
    }

    /** The key of the object that has this salt in its header. */
    ObjectKey objectKey(byte[] salt) {
        return new ObjectKey(Hkdf.derive(secret, salt, OBJECT, ObjectKey.LENGTH));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DataKey key && key.number == number && Arrays.equals(key.secret, secret);
    }

    @Override
    public int hashCode() {
        return number;
    }

    /** Does not tell the key. */
    @Override
    public String toString() {
        return "data key " + number;
    }
}
