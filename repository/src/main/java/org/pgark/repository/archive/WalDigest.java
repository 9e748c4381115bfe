package org.pgark.repository.archive;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.seal.CorrettoProvider;

/**
 * Whose SHA-256 is used for WAL: the one of this Java, or, where much is to be read, native code. The former is slow, some
 * 100 MB/s, in a process that compiles nothing well.
 */
final class WalDigest {
    private static final String ALGORITHM = "SHA-256";

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

    /** A digest of the best provider at hand. */
    static MessageDigest create() {
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
