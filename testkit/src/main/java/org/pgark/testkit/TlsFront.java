package org.pgark.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Puts TLS in front of a service of this host, with a certificate that no authority knows. */
public final class TlsFront implements AutoCloseable {
    private static final char[] PASSWORD = "password".toCharArray();

    private final ServerSocket server;
    private final int target;
    private final Path certificate;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private TlsFront(ServerSocket server, int target, Path certificate) {
        this.server = server;
        this.target = target;
        this.certificate = certificate;
    }

    /** Starts one for a port of 127.0.0.1; the folder holds its key. */
    public static TlsFront start(Path folder, int target) throws IOException {
        Path store = folder.resolve("tls-front.p12");
        ProgramOutcome made = ProgramOutcome.of(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "front",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD)));
        if (made.exitStatus() != 0) {
            throw new IOException("keytool failed: " + made.output() + made.errors());
        }
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            Path certificate = Files.writeString(
                    folder.resolve("tls-front.pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(keys.getCertificate("front").getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            TlsFront front = new TlsFront(
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                    target,
                    certificate);
            front.threads.execute(front::accept);
            return front;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Its address. */
    public String endpoint() {
        return "https://127.0.0.1:" + server.getLocalPort();
    }

    /** The certificate, in PEM form. */
    public Path certificate() {
        return certificate;
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                Socket service = new Socket(InetAddress.getLoopbackAddress(), target);
                threads.execute(() -> pipe(client, service));
                threads.execute(() -> pipe(service, client));
            }
        } catch (IOException e) {
            // It was closed, or the service is gone, which its clients notice.
            return;
        }
    }

    /** A client that does not trust the certificate breaks off; so does one that is done. */
    private static void pipe(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
