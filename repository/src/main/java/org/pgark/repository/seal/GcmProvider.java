package org.pgark.repository.seal;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Whose AES-GCM is used: the one of this Java until some data has passed, then the one of the Amazon Corretto Crypto
 * Provider, where that has a build for the platform.
 *
 * <p>The one of this Java is slow until it is compiled, at 45 MB/s; the other is fast at once, but takes some hundred
 * milliseconds to load, which a command that only reads the log shall not pay. So it is loaded beside the work.
 */
final class GcmProvider {
    /** After so many bytes it is worth loading the faster one. */
    static final int WORTH_LOADING = 256 << 10;

    /** The transformation, by its name in the Java Cryptography Architecture. */
    static final String CIPHER = "AES/GCM/NoPadding";

    /** Named, since the first provider of the process may be {@link TlsCiphers}. */
    private static final String OF_THIS_JAVA = "SunJCE";

    private static final AtomicLong PASSED = new AtomicLong();
    private static final AtomicBoolean LOADING = new AtomicBoolean();
    private static volatile @Nullable Provider fast;

    private GcmProvider() {}

    /** A new cipher of the best provider at hand. */
    static Cipher cipher() {
        Provider provider = fast;
        try {
            return provider == null ? Cipher.getInstance(CIPHER, OF_THIS_JAVA) : Cipher.getInstance(CIPHER, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(CIPHER + " is missing in this Java", e);
        }
    }

    /** Whether a cipher is of the best provider at hand. */
    @SuppressWarnings("ReferenceEquality") // equals would compare all properties of the providers, frame by frame
    static boolean isBest(Cipher cipher) {
        Provider provider = fast;
        return provider == null || cipher.getProvider() == provider;
    }

    /** Tells that so many bytes are about to be sealed or opened. */
    static void passing(int bytes) {
        if (fast == null && PASSED.addAndGet(bytes) >= WORTH_LOADING && LOADING.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("corretto").start(() -> load().ifPresent(found -> fast = found));
        }
    }

    /** Loads the faster provider and waits for it; empty where there is none for this platform. */
    static Optional<Provider> load() {
        return CorrettoProvider.load().filter(GcmProvider::hasCipher);
    }

    private static boolean hasCipher(Provider provider) {
        try {
            Cipher.getInstance(CIPHER, provider);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Uses a provider from now on; for tests. */
    static void use(@Nullable Provider provider) {
        LOADING.set(true);
        fast = provider;
    }
}
