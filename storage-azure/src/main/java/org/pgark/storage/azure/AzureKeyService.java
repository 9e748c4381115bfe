package org.pgark.storage.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.util.Context;
import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.storage.KeyService;
import org.pgark.storage.bucket.Attempts;

/**
 * An RSA key of Azure Key Vault or of a managed HSM, by the service's REST interface (version 7.4: get key, wrap key, unwrap
 * key, RSA-OAEP-256) over the library's own pipeline.
 *
 * <p>RSA knows no associated data. So what is encrypted is the SHA-256 of the context and then the secret; OAEP lets nobody
 * exchange a part of it. What {@link #wrap} returns is a line of JSON that also names the version of the key.
 */
final class AzureKeyService implements KeyService {
    private static final String API = "?api-version=7.4";
    private static final String ALGORITHM = "RSA-OAEP-256";
    private static final int HASH_LENGTH = 32;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    private final String key;
    private final Optional<String> version;
    private final HttpPipeline pipeline;
    private final Attempts attempts = new Attempts();

    /**
     * Names a key.
     *
     * @param key its URL without a version, {@code https://.../keys/...}
     * @param version which of its versions wraps; empty for the newest
     * @param scope of access tokens
     */
    AzureKeyService(String key, Optional<String> version, HttpClient http, TokenCredential credential, String scope) {
        this.key = key;
        this.version = version;
        this.pipeline = new HttpPipelineBuilder()
                .httpClient(http)
                .policies(new BearerTokenAuthenticationPolicy(credential, scope))
                .build();
    }

    @Override
    public byte[] wrap(byte[] secret, Map<String, String> context) throws IOException {
        byte[] hash = hash(context);
        byte[] plain = Arrays.copyOf(hash, HASH_LENGTH + secret.length);
        System.arraycopy(secret, 0, plain, HASH_LENGTH, secret.length);
        String which = version.isPresent() ? key + "/" + version.get() : newest();
        Map<String, Object> answer = ask(HttpMethod.POST, which + "/wrapkey", value(encoded(plain)));
        String kid = text(answer, "kid");
        requireOurs(kid);
        return ("{\"kid\":\"" + kid + "\",\"value\":\"" + text(answer, "value") + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, Map<String, String> context) throws IOException {
        Map<String, Object> stored = json(new String(wrapped, StandardCharsets.UTF_8));
        String kid = text(stored, "kid");
        requireOurs(kid);
        Map<String, Object> answer = ask(HttpMethod.POST, kid + "/unwrapkey", value(text(stored, "value")));
        byte[] plain = decoded(text(answer, "value"));
        if (plain.length < HASH_LENGTH || !MessageDigest.isEqual(hash(context), Arrays.copyOf(plain, HASH_LENGTH))) {
            throw new IOException("it was wrapped for another repository or recipient");
        }
        return Arrays.copyOfRange(plain, HASH_LENGTH, plain.length);
    }

    private String newest() throws IOException {
        Map<String, Object> answer = ask(HttpMethod.GET, key, "");
        if (answer.get("key") instanceof Map<?, ?> about && about.get("kid") instanceof String kid) {
            requireOurs(kid);
            return kid;
        }
        throw new IOException("the service's answer names no version of the key");
    }

    /** A key's name comes back from the repository and from the service; nobody else is asked to decrypt. */
    private void requireOurs(String kid) throws IOException {
        if (!kid.toLowerCase(Locale.ROOT).startsWith(key.toLowerCase(Locale.ROOT) + "/")
                || !kid.substring(key.length() + 1).matches("[A-Za-z0-9]+")) {
            throw new IOException("key \"" + kid + "\" is no version of \"" + key + "\"");
        }
    }

    private Map<String, Object> ask(HttpMethod method, String url, String body) throws IOException {
        return attempts.of(_ -> AzureAnswer.once(() -> {
            HttpRequest request = new HttpRequest(method, url + API);
            if (!body.isEmpty()) {
                request.setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                        .setBody(body);
            }
            try (HttpResponse response = pipeline.sendSync(request, Context.NONE)) {
                String text = response.getBodyAsBinaryData() == null
                        ? ""
                        : response.getBodyAsBinaryData().toString();
                int status = response.getStatusCode();
                if (status / 100 == 2) {
                    return json(text);
                }
                IOException refusal = refusal(text, status);
                throw status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status / 100 == 5
                        ? Attempts.Passing.busy(refusal, status, Optional.empty())
                        : refusal;
            }
        }));
    }

    private static IOException refusal(String text, int status) {
        String message = "the service refused";
        try {
            if (json(text).get("error") instanceof Map<?, ?> error && error.get("message") instanceof String said) {
                message = said.lines().findFirst().orElse(message);
            }
        } catch (IOException e) {
            return new IOException(message + " (status " + status + ")", e);
        }
        return new IOException(message + " (status " + status + ")");
    }

    private static Map<String, Object> json(String text) throws IOException {
        try (JsonReader reader = JsonProviders.createReader(text)) {
            Map<String, Object> fields = reader.readMap(JsonReader::readUntyped);
            return fields == null ? Map.of() : fields;
        } catch (IOException | RuntimeException e) {
            throw new IOException("what should be a wrapped key or an answer of the service is no JSON object", e);
        }
    }

    private static String text(Map<String, Object> fields, String name) throws IOException {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new IOException("\"" + name + "\" is missing in what the service wrapped or answered");
    }

    private static String value(String encoded) {
        return "{\"alg\":\"" + ALGORITHM + "\",\"value\":\"" + encoded + "\"}";
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) throws IOException {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("the service's answer is no base64", e);
        }
    }

    private static byte[] hash(Map<String, String> context) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(context).forEach((name, value) -> {
                sha256.update((name.length() + " " + name + " " + value.length() + " " + value + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            });
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }
}
