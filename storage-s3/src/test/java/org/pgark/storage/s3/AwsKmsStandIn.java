package org.pgark.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * As much of AWS KMS as wrapping a key takes: Encrypt and Decrypt in its JSON protocol, with one key, whose secret it makes up.
 * What it wraps is bound to the encryption context. Signatures are looked at, and not computed again.
 */
final class AwsKmsStandIn implements AutoCloseable {
    private static final Pattern CREDENTIAL = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=(\\w+)/\\d{8}/([a-z0-9-]+)/(\\w+)/aws4_request, .*Signature=[0-9a-f]{64}");

    private final HttpServer server;
    private final String arn;
    private final SecretKeySpec secret = new SecretKeySpec(new byte[32], "AES");
    private final AtomicInteger stumbles = new AtomicInteger();
    private final List<String> signedFor = new CopyOnWriteArrayList<>();

    private AwsKmsStandIn(String arn) throws IOException {
        this.arn = arn;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    static AwsKmsStandIn start(String arn) throws IOException {
        return new AwsKmsStandIn(arn);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Fails the next requests with status 500. */
    void stumble(int requests) {
        stumbles.set(requests);
    }

    /** Access key, region and service of each request. */
    List<String> signedFor() {
        return signedFor;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JsonNode.parser().parse(exchange.getRequestBody());
            Matcher credential = CREDENTIAL.matcher(
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (stumbles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                send(exchange, 500, error("KMSInternalException", "try again"));
            } else if (!credential.matches()) {
                send(exchange, 400, error("IncompleteSignatureException", "the request is not signed"));
            } else if (!text(request, "KeyId").equals(arn)) {
                send(exchange, 400, error("NotFoundException", "there is no such key"));
            } else {
                signedFor.add(credential.group(1) + " " + credential.group(2) + " " + credential.group(3));
                perform(exchange, request);
            }
        }
    }

    private void perform(HttpExchange exchange, JsonNode request) throws IOException {
        byte[] context = new TreeMap<>(
                        request.field("EncryptionContext").orElseThrow().asObject())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        boolean encrypt = "TrentService.Encrypt".equals(target);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                    secret,
                    new GCMParameterSpec(128, new byte[12]));
            cipher.updateAAD(context);
            byte[] result =
                    cipher.doFinal(Base64.getDecoder().decode(text(request, encrypt ? "Plaintext" : "CiphertextBlob")));
            send(
                    exchange,
                    200,
                    "{\"KeyId\":\"" + arn + "\",\"" + (encrypt ? "CiphertextBlob" : "Plaintext") + "\":\""
                            + Base64.getEncoder().encodeToString(result) + "\"}");
        } catch (AEADBadTagException e) {
            send(exchange, 400, error("InvalidCiphertextException", "the ciphertext or the context is wrong"));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String text(JsonNode request, String field) {
        return request.field(field).map(JsonNode::asString).orElse("");
    }

    private static String error(String type, String message) {
        return "{\"__type\":\"" + type + "\",\"message\":\"" + message + "\"}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
