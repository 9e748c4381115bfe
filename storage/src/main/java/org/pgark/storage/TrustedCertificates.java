package org.pgark.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of {@code ca-file}: a service's certificate must go back to one of them. */
public final class TrustedCertificates {
    private final TrustManagerFactory factory;

    private TrustedCertificates(TrustManagerFactory factory) {
        this.factory = factory;
    }

    /**
     * Reads the file that the settings name, if they do.
     *
     * @throws IOException if the file cannot be read or holds no certificate
     */
    public static Optional<TrustedCertificates> of(StoreSettings settings) throws IOException {
        Optional<String> file = settings.find(StoreOption.CA_FILE);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("\"" + file.get() + "\", which \"ca-file\" names, holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("trusted-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Optional.of(new TrustedCertificates(factory));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "\"" + file.get() + "\", which \"ca-file\" names, holds no certificates in PEM form", e);
        }
    }

    /** For clients that take trust managers. */
    public TrustManager[] trustManagers() {
        return factory.getTrustManagers();
    }

    /** For clients that take a TLS context. */
    public SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
