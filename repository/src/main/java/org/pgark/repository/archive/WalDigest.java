package org.pgark.repository.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.seal.CorrettoProvider;

/**
 * Whose SHA-256 is used for WAL: the one of this Java, or, where much is to be read, native code. The former is slow, some
 * 100 MB/s, in a process that compiles nothing well.
 */
public final class WalDigest {
    private static final String ALGORITHM = "SHA-256";
    private static final int CHUNK_BYTES = 1 << 18;

    private static volatile @Nullable Provider fast;

    private WalDigest() {}

    /** Loads the faster one, for the whole process; does nothing where there is none for this platform. */
    static void expectMuch() {
        if (fast == null) {
            CorrettoProvider.load().filter(WalDigest::knows).ifPresent(found -> fast = found);
        }
    }

    private static boolean knows(Provider provider) {
        return provider.getService("MessageDigest", ALGORITHM) != null;
    }

    /** A digest of the best provider at hand: the given one, emptied, if that is such. */
    @SuppressWarnings("ReferenceEquality") // equals would compare all properties of the providers
    static MessageDigest emptied(MessageDigest digest) {
        Provider best = fast;
        if (best == null || digest.getProvider() == best) {
            digest.reset();
            return digest;
        }
        return create();
    }

    /**
     * The SHA-256 of what a stream has, in hexadecimal digits.
     *
     * @param most how many bytes count; what follows is not read
     */
    public static String of(InputStream stream, long most) throws IOException {
        MessageDigest digest = create();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long left = most; left > 0; ) {
            int count = stream.read(chunk, 0, (int) Math.min(left, chunk.length));
            if (count < 0) {
                break;
            }
            digest.update(chunk, 0, count);
            left -= count;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A digest of the best provider at hand. */
    public static MessageDigest create() {
        Provider provider = fast;
        try {
            return provider == null
                    ? MessageDigest.getInstance(ALGORITHM)
                    : MessageDigest.getInstance(ALGORITHM, provider);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(ALGORITHM + " is missing in this Java", e);
        }
    }
}
