package org.pgark.storage.gcs;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.Attempts;

/**
 * Who pgark is to the service: what {@code credentials-file} says (a service account, a workload's identity, an impersonated
 * account, a user), else what the environment, gcloud or the metadata server say. Google's library knows all of them, and
 * renews tokens before they end.
 */
final class GcsCredentials {
    private static final int TOKEN_SECONDS = 3600;

    private final Optional<GoogleCredentials> credentials;

    private GcsCredentials(Optional<GoogleCredentials> credentials) {
        this.credentials = credentials;
    }

    /**
     * Finds credentials.
     *
     * @param anonymous whether the service is one that wants none unless they are given, as one without TLS is
     * @param scope what they are for
     * @throws IOException if there are none, or their file cannot be read
     */
    static GcsCredentials find(StoreSettings settings, boolean anonymous, String scope) throws IOException {
        Optional<String> file = settings.find(StoreOption.CREDENTIALS_FILE);
        if (file.isEmpty() && anonymous) {
            return new GcsCredentials(Optional.empty());
        }
        HttpTransportFactory transport = NetHttpTransport::new;
        GoogleCredentials found =
                file.isPresent() ? read(file.get(), transport) : GoogleCredentials.getApplicationDefault(transport);
        List<String> scopes = List.of(scope);
        GoogleCredentials scoped = found.createScoped(scopes);
        return new GcsCredentials(Optional.of(settings.find(StoreOption.IMPERSONATE)
                .<GoogleCredentials>map(account ->
                        ImpersonatedCredentials.create(scoped, account, null, scopes, TOKEN_SECONDS, transport))
                .orElse(scoped)));
    }

    private static GoogleCredentials read(String file, HttpTransportFactory transport) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return GoogleCredentials.fromStream(in, transport);
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot use \"" + file + "\", which \"credentials-file\" names: " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "No such file or directory"
                : String.valueOf(e.getMessage());
    }

    /** The headers that say so; the tokens in them are renewed when they are about to end. */
    Map<String, String> headers(URI uri) throws IOException {
        if (credentials.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        try {
            credentials.get().getRequestMetadata(uri).forEach((name, values) -> headers.put(name, values.getFirst()));
        } catch (IOException e) {
            IOException named = new IOException("no access token could be got: " + e.getMessage(), e);
            throw e instanceof com.google.auth.Retryable retryable && retryable.isRetryable()
                    ? Attempts.Passing.unanswered(named)
                    : named;
        }
        return headers;
    }
}
