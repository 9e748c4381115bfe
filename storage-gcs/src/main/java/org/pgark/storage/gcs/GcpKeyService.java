package org.pgark.storage.gcs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.pgark.storage.KeyService;
import org.pgark.storage.StoreSettings;

/**
 * A key of Google Cloud KMS, by the service's JSON interface (cloudkms.googleapis.com, v1, cryptoKeys.encrypt and .decrypt).
 * The client is made for each call: a process needs one or two of them in its life.
 */
final class GcpKeyService implements KeyService {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloudkms";

    private final String base;
    private final String name;
    private final StoreSettings settings;

    /**
     * Names a key.
     *
     * @param base of the service, without a slash at the end
     * @param name {@code projects/.../locations/.../keyRings/.../cryptoKeys/...}
     */
    GcpKeyService(String base, String name, StoreSettings settings) {
        this.base = base;
        this.name = name;
        this.settings = settings;
    }

    @Override
    public byte[] wrap(byte[] secret, Map<String, String> context) throws IOException {
        JsonObject request = new JsonObject();
        put(request, "plaintext", secret);
        put(request, "additionalAuthenticatedData", associated(context));
        JsonObject answer = ask("encrypt", request);
        if (!isTrue(answer, "verifiedPlaintextCrc32c")
                || !isTrue(answer, "verifiedAdditionalAuthenticatedDataCrc32c")) {
            throw new IOException("the service did not get the key as it was sent");
        }
        return take(answer, "ciphertext");
    }

    @Override
    public byte[] unwrap(byte[] wrapped, Map<String, String> context) throws IOException {
        JsonObject request = new JsonObject();
        put(request, "ciphertext", wrapped);
        put(request, "additionalAuthenticatedData", associated(context));
        return take(ask("decrypt", request), "plaintext");
    }

    private JsonObject ask(String verb, JsonObject body) throws IOException {
        HttpClient http = GcsStoreProvider.http(settings);
        GcsCredentials credentials = GcsCredentials.find(settings, base.startsWith("http:"), SCOPE);
        try (GcsRequests requests = new GcsRequests(http, credentials)) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/v1/" + name + ":" + verb))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
            return requests.send(request, (answer, _) -> {
                if (!answer.isDone()) {
                    throw answer.refusal();
                }
                return answer.json();
            });
        }
    }

    /** The context in one order, so that the same pairs are the same bytes. */
    private static byte[] associated(Map<String, String> context) {
        JsonObject pairs = new JsonObject();
        new TreeMap<>(context).forEach(pairs::addProperty);
        return pairs.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(JsonObject target, String field, byte[] bytes) {
        target.addProperty(field, Base64.getEncoder().encodeToString(bytes));
        target.addProperty(field + "Crc32c", crc(bytes));
    }

    private static byte[] take(JsonObject answer, String field) throws IOException {
        JsonElement text = answer.get(field);
        JsonElement sum = answer.get(field + "Crc32c");
        if (text == null || sum == null) {
            throw new IOException("the service's answer has no \"" + field + "\"");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text.getAsString());
            if (sum.getAsLong() == crc(bytes)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the service's answer has no valid \"" + field + "\"", e);
        }
        throw new IOException("the service's answer was changed on its way");
    }

    private static long crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static boolean isTrue(JsonObject answer, String field) {
        JsonElement element = answer.get(field);
        return element != null && element.isJsonPrimitive() && element.getAsBoolean();
    }
}
