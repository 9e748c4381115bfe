package org.pgark.repository.seal;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;

/**
 * Lets every TLS connection of this process encrypt and decrypt by the same rule as frames are sealed by: AES-GCM of this
 * Java until some data has passed, then that of the Amazon Corretto Crypto Provider, from the next TLS record on.
 *
 * <p>The JDK's TLS takes its ciphers from the process-wide list of providers; there is no other way to give it one.
 */
public final class TlsCiphers {
    private static final String PROVIDER = "pgark";

    private static volatile boolean muchComes;

    private TlsCiphers() {}

    /** Puts itself in front of the process's providers; a second call does nothing but wait for the first. */
    public static synchronized void install() {
        if (Security.getProvider(PROVIDER) == null) {
            Security.insertProviderAt(new GcmOnly(), 1);
        }
    }

    /** Tells that the next connection will carry much, so that the faster cipher is loaded while it is being made. */
    public static void expectMuch() {
        muchComes = true;
    }

    /** A provider of one cipher. */
    private static final class GcmOnly extends Provider {
        private static final long serialVersionUID = 1;

        GcmOnly() {
            super(PROVIDER, "1", "AES-GCM by whichever provider is fastest");
            putService(new GcmService(this));
        }
    }

    private static final class GcmService extends Provider.Service {
        GcmService(Provider provider) {
            super(
                    provider,
                    "Cipher",
                    GcmProvider.CIPHER,
                    SwitchingGcm.class.getName(),
                    List.of(),
                    Map.of("SupportedKeyFormats", "RAW"));
        }

        @Override
        public Object newInstance(Object parameter) {
            if (muchComes) {
                GcmProvider.passing(GcmProvider.WORTH_LOADING);
            }
            return new SwitchingGcm();
        }
    }
}
