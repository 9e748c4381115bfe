package org.pgark.repository.content;

import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * Hashes content by a key: sixteen bytes. Content is hashed in units of 8 KiB, a page of PostgreSQL, from its beginning;
 * the last unit may be shorter. One for each worker, from {@link ContentHashes}, not for several threads.
 */
public final class ContentHasher {
    /** Bytes of a unit. */
    public static final int UNIT = NhHash.UNIT;
    /** Bytes of a hash. */
    public static final int LENGTH = 16;

    private final Mac mac;
    private final Optional<FullUnits> fullUnits;
    private final byte[] whole;
    private final byte[] universal = new byte[NhHash.LENGTH];

    /**
     * With what units of full length are hashed, where it is not with the same as all else.
     *
     * @param hash what is hashed first
     * @param mac and then its result
     */
    record FullUnits(NhHash hash, Mac mac) {}

    ContentHasher(Mac mac, Optional<FullUnits> fullUnits) {
        this.mac = mac;
        this.fullUnits = fullUnits;
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
            hashUnit(bytes, offset + begin, Math.min(UNIT, length - begin), hashes, unit * LENGTH);
        }
        return hashes;
    }

    /** The hash of one unit, written into {@code target}. */
    public void hashUnit(byte[] bytes, int offset, int length, byte[] target, int at) {
        if (length != UNIT || fullUnits.isEmpty()) {
            hashBytes(bytes, offset, length, target, at);
            return;
        }
        FullUnits full = fullUnits.get();
        full.hash().hash(bytes, offset, universal);
        finish(full.mac(), universal, 0, universal.length, target, at);
    }

    /** The hash of any bytes, which are no unit, written into {@code target}. */
    public void hashBytes(byte[] bytes, int offset, int length, byte[] target, int at) {
        finish(mac, bytes, offset, length, target, at);
    }

    private void finish(Mac keyed, byte[] bytes, int offset, int length, byte[] target, int at) {
        keyed.update(bytes, offset, length);
        try {
            keyed.doFinal(whole, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(whole, 0, target, at, LENGTH);
    }
}
