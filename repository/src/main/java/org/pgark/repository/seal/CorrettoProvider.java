package org.pgark.repository.seal;

import java.security.Provider;
import java.util.Optional;

/**
 * The Amazon Corretto Crypto Provider, whose algorithms are native code and fast from the first byte on. To load it takes some
 * hundred milliseconds of processor time.
 */
public final class CorrettoProvider {
    private static final String NAME = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private CorrettoProvider() {}

    /** Loads it; empty where it has no build for this platform. */
    public static Optional<Provider> load() {
        try {
            Class<?> type = Class.forName(NAME);
            Provider provider = (Provider) type.getField("INSTANCE").get(null);
            return type.getMethod("getLoadingError").invoke(provider) == null
                    ? Optional.of(provider)
                    : Optional.empty();
        } catch (ReflectiveOperationException | LinkageError e) {
            System.getLogger(CorrettoProvider.class.getName())
                    .log(System.Logger.Level.DEBUG, "the Corretto provider cannot be loaded", e);
            return Optional.empty();
        }
    }
}
