package org.pgark.storage.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.storage.KeyService;
import org.pgark.storage.KeyServiceProvider;
import org.pgark.storage.StoreSettings;

/** Opens {@code azure-kms://VAULT.vault.azure.net/keys/NAME}, with {@code /VERSION} behind it if one version is to wrap. */
public final class AzureKeyServiceProvider implements KeyServiceProvider {
    private static final Pattern URI = Pattern.compile(
            "azure-kms://([a-z0-9-]+(\\.[a-z0-9-]+)+(?::[0-9]+)?)/keys/([A-Za-z0-9-]+)(?:/([A-Za-z0-9]+))?");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9-]+\\.((?:vault|managedhsm)\\.[a-z.-]+)");
    private static final String USUAL_SERVICE = "vault.azure.net";

    @Override
    public String scheme() {
        return "azure-kms";
    }

    @Override
    public KeyService open(String uri, StoreSettings settings) throws IOException {
        Matcher matcher = matched(uri);
        HttpClient http = AzureClients.http(settings);
        return open(
                matcher,
                http,
                new DefaultAzureCredentialBuilder().httpClient(http).build());
    }

    static KeyService open(String uri, HttpClient http, TokenCredential credential) {
        return open(matched(uri), http, credential);
    }

    private static Matcher matched(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "invalid key \"" + uri + "\", must be like \"azure-kms://acme.vault.azure.net/keys/pgark\"");
        }
        return matcher;
    }

    private static KeyService open(Matcher matcher, HttpClient http, TokenCredential credential) {
        Matcher service = SERVICE.matcher(matcher.group(1));
        String scope = "https://" + (service.matches() ? service.group(1) : USUAL_SERVICE) + "/.default";
        return new AzureKeyService(
                "https://" + matcher.group(1) + "/keys/" + matcher.group(3),
                Optional.ofNullable(matcher.group(4)),
                http,
                credential,
                scope);
    }
}
