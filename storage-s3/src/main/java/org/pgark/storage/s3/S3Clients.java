package org.pgark.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.RenewedFile;
import org.pgark.storage.ServiceProxy;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.TrustedCertificates;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** Makes clients as the settings say, and as the SDK's own environment says where they are silent. */
final class S3Clients {
    private static final int MOST_ATTEMPTS = 8;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);
    /** Longer than a call is repeated, so that the SDK does not repeat this one when it is over. */
    private static final Duration COMPLETION_TIMEOUT = Duration.ofMinutes(5);

    private static final ConcurrentMap<Way, SdkHttpClient> WAYS = new ConcurrentHashMap<>();

    private S3Clients() {}

    /** What a client of HTTP depends on: through which proxy, and which certificates it trusts. */
    private record Way(Optional<URI> proxy, Optional<String> trusted) {}

    static S3Client open(StoreSettings settings) throws IOException {
        Optional<String> endpoint = settings.find(StoreOption.ENDPOINT);
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http(settings))
                .region(region(settings, endpoint.isPresent()))
                .credentialsProvider(credentials(settings))
                .forcePathStyle(settings.isOn(StoreOption.PATH_STYLE))
                .serviceConfiguration(configuration ->
                        configuration.chunkedEncodingEnabled(false).expectContinueEnabled(false))
                .overrideConfiguration(S3Clients::retrying);
        endpoint.ifPresent(base -> builder.endpointOverride(endpoint(base)));
        return builder.build();
    }

    static void retrying(ClientOverrideConfiguration.Builder override) {
        override.retryStrategy(new FirstContact(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(MOST_ATTEMPTS)
                .build()));
    }

    /** The same each time, so that connections stay in use when a store is opened anew. */
    static SdkHttpClient http(StoreSettings settings) throws IOException {
        Way way = new Way(ServiceProxy.of(settings), settings.fileContent(StoreOption.CA_FILE));
        @Nullable SdkHttpClient known = WAYS.get(way);
        if (known != null) {
            return known;
        }
        Optional<TrustedCertificates> trusted = TrustedCertificates.of(settings);
        SdkHttpClient made = new PatientHttp(
                newHttp(way.proxy(), trusted, SILENCE_TIMEOUT),
                () -> newHttp(way.proxy(), trusted, COMPLETION_TIMEOUT));
        @Nullable SdkHttpClient other = WAYS.putIfAbsent(way, made);
        return other == null ? made : other;
    }

    private static SdkHttpClient newHttp(Optional<URI> proxy, Optional<TrustedCertificates> trusted, Duration silence) {
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(silence);
        proxy.ifPresent(address -> http.proxyConfiguration(ProxyConfiguration.builder()
                .endpoint(address)
                .useSystemPropertyValues(false)
                .useEnvironmentVariablesValues(false)
                .build()));
        trusted.ifPresent(certificates -> http.tlsTrustManagersProvider(certificates::trustManagers));
        return http.build();
    }

    private static URI endpoint(String base) {
        URI uri = URI.create(base);
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "invalid value \"" + base + "\" of \"endpoint\", must be like \"https://minio.example.com:9000\"");
        }
        return uri;
    }

    /** Services other than AWS do not mind which region requests are signed for. */
    private static Region region(StoreSettings settings, boolean otherService) throws IOException {
        Optional<String> said = settings.find(StoreOption.REGION);
        if (said.isPresent()) {
            return Region.of(said.get());
        }
        AwsRegionProvider environment = otherService
                ? new SystemSettingsRegionProvider()
                : DefaultAwsRegionProviderChain.builder()
                        .profileName(settings.find(StoreOption.PROFILE).orElse(null))
                        .build();
        try {
            return environment.getRegion();
        } catch (SdkClientException e) {
            if (otherService) {
                return Region.US_EAST_1;
            }
            throw new IOException("no region is known: set \"region\" or AWS_REGION", e);
        }
    }

    static AwsCredentialsProvider credentials(StoreSettings settings) throws IOException {
        AwsCredentialsProvider found = found(settings);
        Optional<String> role = settings.find(StoreOption.ROLE_ARN);
        if (role.isEmpty()) {
            return found;
        }
        StsClient sts = StsClient.builder()
                .httpClient(http(settings))
                .region(region(settings, false))
                .credentialsProvider(found)
                .build();
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> {
                    request.roleArn(role.get()).roleSessionName("pgark");
                    settings.find(StoreOption.ROLE_EXTERNAL_ID).ifPresent(request::externalId);
                })
                .build();
    }

    private static AwsCredentialsProvider found(StoreSettings settings) throws IOException {
        Optional<String> key = settings.find(StoreOption.ACCESS_KEY_ID);
        Optional<RenewedFile> secret = settings.renewedFile(StoreOption.SECRET_ACCESS_KEY_FILE);
        if (key.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException(
                    "\"access-key-id\" and \"secret-access-key-file\" must be set together, or neither");
        }
        if (key.isPresent() && secret.isPresent()) {
            String id = key.get();
            RenewedFile file = secret.get();
            return () -> AwsBasicCredentials.create(id, file.content());
        }
        return DefaultCredentialsProvider.builder()
                .profileName(settings.find(StoreOption.PROFILE).orElse(null))
                .build();
    }
}
