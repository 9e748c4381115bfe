package org.pgark.repository.content;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes content by HMAC-SHA-256, of which the first sixteen bytes are kept. Content is hashed in units of 8 KiB, a page
 * of PostgreSQL, from its beginning; the last unit may be shorter. One for each worker, not for several threads.
 */
public final class ContentHasher {
    /** Bytes of a unit. */
    public static final int UNIT = 8192;
    /** Bytes of a hash. */
    public static final int LENGTH = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final byte[] whole;

    /** A hasher of one repository. */
    public ContentHasher(ContentKey key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.bytes(), ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(ALGORITHM + " is missing in this Java", e);
        }
        whole = new byte[mac.getMacLength()];
    }

    /** How many units so many bytes have. */
    public static int units(int length) {
        return (length + UNIT - 1) / UNIT;
    }

    /** The hashes of all units of a stretch, one behind the other. */
    public byte[] hashUnits(byte[] bytes, int offset, int length) {
        byte[] hashes = new byte[units(length) * LENGTH];
        for (int unit = 0; unit * UNIT < length; unit++) {
            int begin = unit * UNIT;
            hash(bytes, offset + begin, Math.min(UNIT, length - begin), hashes, unit * LENGTH);
        }
        return hashes;
    }

    /** The hash of one stretch of any length, written into {@code target}. */
    public void hash(byte[] bytes, int offset, int length, byte[] target, int at) {
        mac.update(bytes, offset, length);
        try {
            mac.doFinal(whole, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(whole, 0, target, at, LENGTH);
    }
}
