package org.pgark.storage.azure;

import com.azure.core.credential.AzureSasCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.ProxyOptions;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.pgark.storage.RenewedFile;
import org.pgark.storage.ServiceProxy;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.TrustedCertificates;

/** Makes clients as the settings say, and as the usual environment variables say where they are silent. */
final class AzureClients {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TRY_TIMEOUT = Duration.ofMinutes(5);

    private AzureClients() {}

    static BlobServiceClient open(String account, StoreSettings settings) throws IOException {
        HttpClient http = http(settings);
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder().httpClient(http);
        // The library tries once: what is worth another attempt is seen to in one place for all calls.
        builder.retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, TRY_TIMEOUT, null, null, null));
        settings.find(StoreOption.ENCRYPTION_SCOPE).ifPresent(builder::encryptionScope);
        Optional<String> connection = settings.fileContent(StoreOption.CONNECTION_STRING_FILE);
        Optional<String> key = settings.fileContent(StoreOption.ACCOUNT_KEY_FILE);
        Optional<RenewedFile> renewed = settings.renewedFile(StoreOption.SAS_TOKEN_FILE);
        Optional<String> signature = renewed.map(RenewedFile::content);
        long said = java.util.stream.Stream.of(connection, key, signature)
                .filter(Optional::isPresent)
                .count();
        if (said > 1) {
            throw new IllegalArgumentException(
                    "only one of \"account-key-file\", \"sas-token-file\" and \"connection-string-file\" can be set");
        }
        if (said == 0) {
            connection = environment("AZURE_STORAGE_CONNECTION_STRING");
            key = environment("AZURE_STORAGE_KEY");
            signature = environment("AZURE_STORAGE_SAS_TOKEN");
        }
        if (connection.isPresent()) {
            builder.connectionString(connection.get());
            settings.find(StoreOption.ENDPOINT).ifPresent(base -> builder.endpoint(endpoint(base, account)));
            return builder.buildClient();
        }
        builder.endpoint(settings.find(StoreOption.ENDPOINT)
                .map(base -> endpoint(base, account))
                .orElse("https://" + account + ".blob.core.windows.net"));
        if (key.isPresent()) {
            builder.credential(new StorageSharedKeyCredential(account, key.get()));
        } else if (signature.isPresent()) {
            AzureSasCredential credential = new AzureSasCredential(signature.get());
            renewed.ifPresent(file -> builder.addPolicy(new RenewedSignature(file, credential)));
            builder.credential(credential);
        } else {
            builder.credential(
                    new DefaultAzureCredentialBuilder().httpClient(http).build());
        }
        return builder.buildClient();
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    static HttpClient http(StoreSettings settings) throws IOException {
        java.net.http.HttpClient.Builder http =
                java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1);
        Optional<TrustedCertificates> trusted = TrustedCertificates.of(settings);
        if (trusted.isPresent()) {
            http.sslContext(trusted.get().context());
        }
        JdkHttpClientBuilder client = new JdkHttpClientBuilder(http);
        ServiceProxy.of(settings)
                .ifPresent(proxy -> client.proxy(new ProxyOptions(
                        ProxyOptions.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort()))));
        return client.connectionTimeout(CONNECT_TIMEOUT)
                .responseTimeout(SILENCE_TIMEOUT)
                .readTimeout(SILENCE_TIMEOUT)
                .writeTimeout(SILENCE_TIMEOUT)
                .build();
    }

    /** Services that do not have the account in their host's name have it in the path. */
    private static String endpoint(String base, String account) {
        URI uri = URI.create(base);
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new IllegalArgumentException("invalid value \"" + base
                    + "\" of \"endpoint\", must be like \"https://account.blob.core.windows.net\"");
        }
        boolean named = uri.getHost().startsWith(account + ".") || uri.getPath().length() > 1;
        String bare = base.replaceAll("/+$", "");
        return named ? bare : bare + "/" + account;
    }
}
