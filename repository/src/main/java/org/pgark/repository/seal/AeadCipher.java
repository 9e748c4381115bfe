package org.pgark.repository.seal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with tags of 128 bits under one key, its nonces being numbers. Not for several threads. */
public final class AeadCipher {
    /** Bytes of a tag. */
    public static final int TAG_LENGTH = 16;

    private static final int NONCE_LENGTH = 12;

    private final SecretKey key;
    private Cipher cipher = GcmProvider.cipher();

    /** Seals and opens what belongs to one object. */
    public AeadCipher(ObjectKey key) {
        this.key = key.key();
    }

    /** Seals and opens under a key of 32 bytes, which is used for one message only, as number 0. */
    public AeadCipher(byte[] key) {
        if (key.length != ObjectKey.LENGTH) {
            throw new IllegalArgumentException("invalid key of " + key.length + " bytes");
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    private Cipher begin(int mode, int number, byte[] associated, int length) throws GeneralSecurityException {
        GcmProvider.passing(length);
        if (!GcmProvider.isBest(cipher)) {
            cipher = GcmProvider.cipher();
        }
        byte[] nonce = new byte[NONCE_LENGTH];
        ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN).putInt(number);
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }

    /**
     * Seals the first {@code length} bytes in their place and puts the tag behind them.
     *
     * @param number of the message; never the same one twice under one key
     * @param associated what is not sealed but has to be the same when it is opened
     */
    public void seal(byte[] bytes, int length, int number, byte[] associated) {
        try {
            int sealed = begin(Cipher.ENCRYPT_MODE, number, associated, length).doFinal(bytes, 0, length, bytes, 0);
            if (sealed != length + TAG_LENGTH) {
                throw new IllegalStateException("AES-GCM made " + sealed + " bytes of " + length);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    /**
     * Opens the first {@code length} bytes in their place, behind which their tag stands.
     *
     * @return whether they are what was sealed; if not, what is in their place now must not be looked at
     */
    public boolean open(byte[] bytes, int length, int number, byte[] associated) {
        try {
            return begin(Cipher.DECRYPT_MODE, number, associated, length)
                            .doFinal(bytes, 0, length + TAG_LENGTH, bytes, 0)
                    == length;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    /** Seals a message of its own under a key that is used for nothing else. */
    public static byte[] sealOnce(byte[] key, byte[] message, byte[] associated) {
        byte[] sealed = java.util.Arrays.copyOf(message, message.length + TAG_LENGTH);
        new AeadCipher(key).seal(sealed, message.length, 0, associated);
        return sealed;
    }

    /** Opens what {@link #sealOnce} sealed; empty if it is not that. */
    public static Optional<byte[]> openOnce(byte[] key, byte[] sealed, byte[] associated) {
        int length = sealed.length - TAG_LENGTH;
        byte[] message = sealed.clone();
        return length >= 0 && new AeadCipher(key).open(message, length, 0, associated)
                ? Optional.of(java.util.Arrays.copyOf(message, length))
                : Optional.empty();
    }
}
