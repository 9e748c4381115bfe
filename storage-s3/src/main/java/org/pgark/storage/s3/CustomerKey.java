package org.pgark.storage.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A key that the service encrypts by and does not keep, as its requests carry it.
 *
 * @param key 32 bytes in base64
 * @param md5 the MD5 of these bytes, in base64
 */
record CustomerKey(String key, String md5) {
    static final String ALGORITHM = "AES256";
    private static final int BYTES = 32;

    /** Of the content of a file, which stands in no message. */
    static CustomerKey parse(String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
        if (key.length != BYTES) {
            throw invalid(new IllegalArgumentException(key.length + " bytes"));
        }
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(key);
            return new CustomerKey(text, Base64.getEncoder().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is missing in this Java", e);
        }
    }

    private static IllegalArgumentException invalid(IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "the file that \"customer-key-file\" names does not hold 32 bytes in base64; \"openssl rand -base64"
                        + " 32\" makes such a key",
                cause);
    }

    @Override
    public String toString() {
        return "a customer's key";
    }
}
