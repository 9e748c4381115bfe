package org.pgark.storage.gcs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.ServiceProxy;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreProvider;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.TrustedCertificates;
import org.pgark.storage.bucket.BucketStore;

/** Opens {@code gs://bucket/prefix}. */
public final class GcsStoreProvider implements StoreProvider {
    private static final String SERVICE = "https://storage.googleapis.com";
    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final String EMULATOR = "STORAGE_EMULATOR_HOST";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_KEYS_IN_PAGE = 1000;

    @Override
    public String scheme() {
        return "gs";
    }

    @Override
    public ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException {
        return new BucketStore(
                client(url.authority(), settings, MOST_KEYS_IN_PAGE),
                url.toString(),
                String.join("/", url.path()),
                settings);
    }

    @Override
    public ObjectStore openAsOf(RepositoryUrl url, StoreSettings settings, Instant instant) throws IOException {
        return new BucketStore(
                new GcsPastClient(client(url.authority(), settings, MOST_KEYS_IN_PAGE), instant, MOST_KEYS_IN_PAGE),
                url + " as of " + instant,
                String.join("/", url.path()),
                settings);
    }

    static GcsBucketClient client(String bucket, StoreSettings settings, int keysInPage) throws IOException {
        String base = settings.find(StoreOption.ENDPOINT)
                .or(() -> Optional.ofNullable(System.getenv(EMULATOR)))
                .map(GcsStoreProvider::endpoint)
                .orElse(SERVICE);
        GcsCredentials credentials = GcsCredentials.find(settings, base.startsWith("http:"), SCOPE);
        return new GcsBucketClient(
                new GcsRequests(http(settings), credentials),
                new GcsAddresses(base, bucket),
                GcsObjectProperties.of(settings),
                keysInPage);
    }

    static HttpClient http(StoreSettings settings) throws IOException {
        HttpClient.Builder http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        Optional<TrustedCertificates> trusted = TrustedCertificates.of(settings);
        if (trusted.isPresent()) {
            http.sslContext(trusted.get().context());
        }
        ServiceProxy.of(settings)
                .ifPresent(
                        proxy -> http.proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort()))));
        return http.build();
    }

    private static String endpoint(String base) {
        if (!base.matches("https?://[^/?#]+/?")) {
            throw new IllegalArgumentException(
                    "invalid value \"" + base + "\" of \"endpoint\", must be like \"https://storage.example.com\"");
        }
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }
}
