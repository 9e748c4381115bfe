package org.pgark.storage.gcs;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * As much of Google Cloud KMS as wrapping a key takes: encrypt and decrypt of its JSON interface, with one key, whose secret it
 * makes up, checksums, and additional authenticated data.
 */
final class GcpKmsStandIn implements AutoCloseable {
    private final HttpServer server;
    private final String name;
    private final SecretKeySpec secret = new SecretKeySpec(new byte[32], "AES");
    private final AtomicInteger stumbles = new AtomicInteger();
    private final AtomicBoolean garbling = new AtomicBoolean();
    private final List<String> tokens = new CopyOnWriteArrayList<>();

    private GcpKmsStandIn(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    static GcpKmsStandIn start(String name) throws IOException {
        return new GcpKmsStandIn(name);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Fails the next requests with status 503. */
    void stumble(int requests) {
        stumbles.set(requests);
    }

    /** Answers with checksums of other bytes. */
    void garble() {
        garbling.set(true);
    }

    /** What each request was authorised by. */
    List<String> tokens() {
        return tokens;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonObject request = JsonParser.parseString(
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            String path = exchange.getRequestURI().getPath();
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (stumbles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                send(exchange, 503, error("try again"));
            } else if (path.equals("/v1/" + name + ":encrypt")) {
                perform(exchange, request, "plaintext", "ciphertext", Cipher.ENCRYPT_MODE);
            } else if (path.equals("/v1/" + name + ":decrypt")) {
                perform(exchange, request, "ciphertext", "plaintext", Cipher.DECRYPT_MODE);
            } else {
                send(exchange, 404, error("there is no such key"));
            }
        }
    }

    private void perform(HttpExchange exchange, JsonObject request, String from, String to, int mode)
            throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, secret, new GCMParameterSpec(128, new byte[12]));
            cipher.updateAAD(taken(request, "additionalAuthenticatedData"));
            byte[] result = cipher.doFinal(taken(request, from));
            JsonObject answer = new JsonObject();
            answer.addProperty("name", name + "/cryptoKeyVersions/1");
            answer.addProperty(to, Base64.getEncoder().encodeToString(result));
            answer.addProperty(to + "Crc32c", String.valueOf(crc(result) + (garbling.get() ? 1 : 0)));
            if (mode == Cipher.ENCRYPT_MODE) {
                answer.addProperty("verifiedPlaintextCrc32c", true);
                answer.addProperty("verifiedAdditionalAuthenticatedDataCrc32c", true);
            }
            send(exchange, 200, answer.toString());
        } catch (AEADBadTagException e) {
            send(exchange, 400, error("Decryption failed: the ciphertext is invalid."));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static byte[] taken(JsonObject request, String field) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(request.get(field).getAsString());
        if (request.get(field + "Crc32c").getAsLong() != crc(bytes)) {
            throw new IOException("the checksum of " + field + " is wrong");
        }
        return bytes;
    }

    private static long crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static String error(String message) {
        return "{\"error\":{\"message\":\"" + message + "\"}}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
