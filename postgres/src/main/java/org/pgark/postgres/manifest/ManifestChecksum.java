package org.pgark.postgres.manifest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/** How the content of the files in a manifest is told apart. */
public enum ManifestChecksum {
    NONE("NONE", 0),
    CRC32C("CRC32C", 4),
    SHA224("SHA224", 28),
    SHA256("SHA256", 32),
    SHA384("SHA384", 48),
    SHA512("SHA512", 64);

    private final String word;
    private final int bytes;

    ManifestChecksum(String word, int bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    /** The word in the manifest. */
    public String word() {
        return word;
    }

    /** How long a checksum is, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The algorithm of a word, whatever its case; empty if there is none. */
    public static Optional<ManifestChecksum> of(String text) {
        for (ManifestChecksum candidate : values()) {
            if (candidate.word.equals(text.toUpperCase(Locale.ROOT))) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Begins to compute a checksum. */
    public Computation begin() {
        return switch (this) {
            case NONE -> new Computation.Nothing();
            case CRC32C -> new Computation.Crc(new CRC32C());
            case SHA224, SHA256, SHA384, SHA512 -> new Computation.Hash(digest("SHA-" + word.substring(3)));
        };
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks " + algorithm, e);
        }
    }

    /** A checksum in the making. */
    public sealed interface Computation {
        /** Adds content. */
        void update(byte[] content, int offset, int length);

        /** The checksum of all that was added, as the manifest has it; of a CRC the lowest byte is the first. */
        byte[] finish();

        /** Of nothing. */
        final class Nothing implements Computation {
            private Nothing() {}

            @Override
            public void update(byte[] content, int offset, int length) {}

            @Override
            public byte[] finish() {
                return new byte[0];
            }
        }

        /** A CRC-32C. */
        record Crc(CRC32C crc) implements Computation {
            @Override
            public void update(byte[] content, int offset, int length) {
                crc.update(content, offset, length);
            }

            @Override
            public byte[] finish() {
                long value = crc.getValue();
                return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
            }
        }

        /** A cryptographic hash. */
        record Hash(MessageDigest digest) implements Computation {
            @Override
            public void update(byte[] content, int offset, int length) {
                digest.update(content, offset, length);
            }

            @Override
            public byte[] finish() {
                return digest.digest();
            }
        }
    }
}
