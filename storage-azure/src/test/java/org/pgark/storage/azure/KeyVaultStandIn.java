package org.pgark.storage.azure;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of Azure Key Vault as wrapping a key takes, over TLS: get, wrap and unwrap with one RSA key that has two versions.
 * It takes one access token.
 */
final class KeyVaultStandIn implements AutoCloseable {
    static final String TOKEN = "token-of-the-test";
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final OAEPParameterSpec OAEP = new OAEPParameterSpec(
            "SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private final HttpsServer server;
    private final Path certificate;
    private final Map<String, KeyPair> versions;
    private final AtomicInteger stumbles = new AtomicInteger();
    private volatile String newest = "aaaa1111";

    private KeyVaultStandIn(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        versions = Map.of("aaaa1111", generator.generateKeyPair(), "bbbb2222", generator.generateKeyPair());
        Path store = folder.resolve("vault.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "vault",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        certificate = Files.writeString(
                folder.resolve("vault.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("vault").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", this::answer);
        server.start();
    }

    static KeyVaultStandIn start(Path folder) throws Exception {
        return new KeyVaultStandIn(folder);
    }

    /** Host and port. */
    String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** What clients have to trust. */
    Path certificate() {
        return certificate;
    }

    /** Makes the key's second version the newest. */
    void rotate() {
        newest = "bbbb2222";
    }

    /** Fails the next requests with status 503. */
    void stumble(int requests) {
        stumbles.set(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
            if (stumbles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                send(exchange, 503, error("try again"));
            } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, error("AKV10000: Request is missing a Bearer or PoP token."));
            } else if (!"api-version=7.4".equals(exchange.getRequestURI().getQuery()) || path.length < 2) {
                send(exchange, 400, error("the version of the interface is not given"));
            } else if (!path[0].equals("keys") || !path[1].equals("pgark")) {
                send(exchange, 404, error("A key with (name/id) " + path[1] + " was not found in this key vault."));
            } else if (path.length == 2) {
                send(exchange, 200, "{\"key\":{\"kid\":\"" + kid(newest) + "\",\"kty\":\"RSA\"},\"attributes\":{}}");
            } else {
                perform(exchange, path[2], path[3], body);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String kid(String version) {
        return "https://" + authority() + "/keys/pgark/" + version;
    }

    private void perform(HttpExchange exchange, String version, String verb, byte[] body)
            throws IOException, GeneralSecurityException {
        Map<String, Object> request;
        try (JsonReader reader = JsonProviders.createReader(body)) {
            request = reader.readMap(JsonReader::readUntyped);
        }
        KeyPair pair = versions.get(version);
        if (pair == null || !"RSA-OAEP-256".equals(request.get("alg"))) {
            send(exchange, 400, error("there is no such version or algorithm"));
            return;
        }
        byte[] value = Base64.getUrlDecoder().decode(String.valueOf(request.get("value")));
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        if (verb.equals("wrapkey")) {
            cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic(), OAEP);
        } else {
            cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate(), OAEP);
        }
        byte[] result;
        try {
            result = cipher.doFinal(value);
        } catch (GeneralSecurityException e) {
            send(exchange, 400, error("the parameter is incorrect"));
            return;
        }
        send(
                exchange,
                200,
                "{\"kid\":\"" + kid(version) + "\",\"value\":\""
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(result) + "\"}");
    }

    private static String error(String message) {
        return "{\"error\":{\"code\":\"Refused\",\"message\":\"" + message + "\"}}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
