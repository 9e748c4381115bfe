package org.pgark.postgres.wire;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;

/** What the settings ask of TLS, by libpq's rules. */
final class TlsPolicy {
    private static final String PROTOCOL = "postgresql";

    private final ConnectionSettings settings;
    private final String mode;
    private final String rootFile;

    private TlsPolicy(ConnectionSettings settings, String mode, String rootFile) {
        this.settings = settings;
        this.mode = mode;
        this.rootFile = rootFile;
    }

    static TlsPolicy of(ConnectionSettings settings) throws IOException {
        String root = settings.option(ConnectionOption.SSLROOTCERT)
                .orElse(settings.certificateFolder().resolve("root.crt").toString());
        String mode =
                settings.option(ConnectionOption.SSLMODE).orElse(root.equals("system") ? "verify-full" : "prefer");
        if (root.equals("system") && !mode.equals("verify-full")) {
            throw new IOException(
                    "weak sslmode \"" + mode + "\" may not be used with sslrootcert=system (use \"verify-full\")");
        }
        // With a root certificate at hand "require" verifies, too.
        boolean rootExists = Files.exists(Path.of(root));
        return new TlsPolicy(settings, mode.equals("require") && rootExists ? "verify-ca" : mode, root);
    }

    /** Whether to try in clear first. */
    boolean clearFirst() {
        return mode.equals("disable") || mode.equals("allow");
    }

    /** Whether TLS may be used at all. */
    boolean allowsTls() {
        return !mode.equals("disable");
    }

    /** Whether the session may run in clear. */
    boolean allowsClear() {
        return mode.equals("disable") || mode.equals("allow") || mode.equals("prefer");
    }

    /** Whether TLS begins without asking the server first. */
    boolean direct() {
        return settings.option(ConnectionOption.SSLNEGOTIATION).orElse("").equals("direct");
    }

    private boolean verifies() {
        return mode.startsWith("verify-");
    }

    /** Does the handshake over a connected socket. */
    SSLSocket wrap(Socket socket, String host) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), new SecureRandom());
            SSLSocket encrypted = (SSLSocket)
                    context.getSocketFactory().createSocket(new ReadAheadSocket(socket), host, socket.getPort(), true);
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {PROTOCOL});
            boolean wantsName =
                    !settings.option(ConnectionOption.SSLSNI).orElse("1").equals("0");
            if (wantsName && HostNameCheck.isName(host)) {
                parameters.setServerNames(List.of(new SNIHostName(host)));
            } else {
                parameters.setServerNames(List.of());
            }
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            check(encrypted, host);
            return encrypted;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SSLException("could not prepare SSL: " + e.getMessage(), e);
        }
    }

    private void check(SSLSocket encrypted, String host) throws IOException {
        if (direct() && !PROTOCOL.equals(encrypted.getApplicationProtocol())) {
            throw new SSLException("direct SSL connection was established without ALPN protocol negotiation extension");
        }
        if (mode.equals("verify-full")) {
            HostNameCheck.check(host, (X509Certificate) encrypted.getSession().getPeerCertificates()[0]);
        }
    }

    private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
        Path root = Path.of(rootFile);
        if (!rootFile.equals("system") && !Files.exists(root)) {
            if (verifies()) {
                throw new SSLException("root certificate file \"" + rootFile + "\" does not exist"
                        + " (provide the file, use the system's trusted roots with sslrootcert=system, or change"
                        + " sslmode to disable server certificate verification)");
            }
            return new TrustManager[] {new TrustEveryone()};
        }
        if (!verifies()) {
            return new TrustManager[] {new TrustEveryone()};
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(rootFile.equals("system") ? null : PemFile.trustStore(root));
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] keyManagers() throws IOException, GeneralSecurityException {
        if (settings.option(ConnectionOption.SSLCERTMODE).orElse("").equals("disable")) {
            return null;
        }
        Optional<Path> certificate = file(ConnectionOption.SSLCERT, "postgresql.crt");
        if (certificate.isEmpty()) {
            return null;
        }
        Path key = file(ConnectionOption.SSLKEY, "postgresql.key")
                .orElseThrow(() -> new SSLException("certificate present, but not private key file \""
                        + settings.certificateFolder().resolve("postgresql.key") + "\""));
        char[] password =
                settings.option(ConnectionOption.SSLPASSWORD).orElse("").toCharArray();
        KeyStore store = PemFile.keyStore(certificate.get(), key, password);
        return new KeyManager[] {new OnlyKey(store)};
    }

    private Optional<Path> file(ConnectionOption option, String usualName) {
        return settings.option(option).map(Path::of).or(() -> {
            Path usual = settings.certificateFolder().resolve(usualName);
            return Files.exists(usual) ? Optional.of(usual) : Optional.empty();
        });
    }
}
