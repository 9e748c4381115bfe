package org.pgark.repository.content;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** How one repository hashes content: gives each worker its {@link ContentHasher}. For several threads. */
public final class ContentHashes {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] PURPOSE = "pgark content hash of full units".getBytes(StandardCharsets.US_ASCII);

    /** What units of full length are hashed with. */
    private record UnitKeys(SecretKey mac, NhHash hash) {}

    private final SecretKey key;
    private final ContentHashing hashing;
    private Optional<UnitKeys> unitKeys = Optional.empty();

    /** Of the repository with that key. */
    public ContentHashes(ContentKey key, ContentHashing hashing) {
        this.key = macKey(key.bytes());
        this.hashing = hashing;
    }

    /** A hasher for one worker. */
    public ContentHasher hasher() {
        return new ContentHasher(
                mac(key),
                switch (hashing) {
                    case HMAC -> Optional.empty();
                    case NH_HMAC -> {
                        UnitKeys units = unitKeys();
                        yield Optional.of(new ContentHasher.FullUnits(units.hash(), mac(units.mac())));
                    }
                });
    }

    private synchronized UnitKeys unitKeys() {
        UnitKeys units = unitKeys.orElseGet(this::derived);
        unitKeys = Optional.of(units);
        return units;
    }

    /** HMAC-SHA-256 by the content key of the purpose and a counter: 0 gives one key, those from 1 the other. */
    private UnitKeys derived() {
        Mac mac = mac(key);
        byte[] derived = new byte[mac.getMacLength() + NhHash.KEY_LENGTH];
        for (int at = 0, counter = 0; at < derived.length; at += mac.getMacLength(), counter++) {
            mac.update(PURPOSE);
            mac.update(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(counter)
                    .flip());
            byte[] block = mac.doFinal();
            System.arraycopy(block, 0, derived, at, Math.min(block.length, derived.length - at));
        }
        return new UnitKeys(
                macKey(Arrays.copyOf(derived, mac.getMacLength())),
                new NhHash(Arrays.copyOfRange(derived, mac.getMacLength(), derived.length)));
    }

    private static SecretKey macKey(byte[] bytes) {
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    private static Mac mac(SecretKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(ALGORITHM + " is missing in this Java", e);
        }
    }
}
