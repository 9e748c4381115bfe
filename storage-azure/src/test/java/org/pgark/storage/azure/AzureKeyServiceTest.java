package org.pgark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.KeyService;
import org.pgark.storage.KeyServices;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import reactor.core.publisher.Mono;

/** Keys of Azure Key Vault, over TLS to a service of this process. The token is the test's own. */
class AzureKeyServiceTest {
    private static final byte[] SECRET = "a secret of 32 bytes in plaintext".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> CONTEXT = Map.of("pgark-repository", "1", "pgark-recipient", "operator");

    @TempDir
    private static Path folder;

    private static KeyVaultStandIn service;
    private final List<String> scopes = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        service = KeyVaultStandIn.start(folder);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private KeyService key(String uri) throws IOException {
        return key(uri, KeyVaultStandIn.TOKEN);
    }

    private KeyService key(String uri, String token) throws IOException {
        StoreSettings settings = new StoreSettings(
                Map.of(StoreOption.CA_FILE, service.certificate().toString()));
        return AzureKeyServiceProvider.open(uri, AzureClients.http(settings), request -> {
            scopes.addAll(request.getScopes());
            return Mono.just(
                    new AccessToken(token, OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
        });
    }

    private static String uri(String name) {
        return "azure-kms://" + service.authority() + "/keys/" + name;
    }

    @Test
    void unwrapsWhatItWrappedInTheSameContextOnlyAndByTheVersionThatWrapped() throws IOException {
        byte[] wrapped = key(uri("pgark")).wrap(SECRET, CONTEXT);
        assertThat(new String(wrapped, StandardCharsets.UTF_8))
                .startsWith("{\"kid\":\"https://" + service.authority() + "/keys/pgark/aaaa1111\",\"value\":\"");
        service.rotate();
        KeyService key = key(uri("pgark"));
        assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThat(new String(key.wrap(SECRET, CONTEXT), StandardCharsets.UTF_8))
                .contains("/keys/pgark/bbbb2222\"");
        assertThat(new String(key(uri("pgark/aaaa1111")).wrap(SECRET, CONTEXT), StandardCharsets.UTF_8))
                .contains("/keys/pgark/aaaa1111\"");
        assertThat(key.wrap(SECRET, CONTEXT)).isNotEqualTo(key.wrap(SECRET, CONTEXT));
        assertThatThrownBy(() -> key.unwrap(wrapped, Map.of("pgark-repository", "2", "pgark-recipient", "operator")))
                .isInstanceOf(IOException.class)
                .hasMessage("it was wrapped for another repository or recipient");
        byte[] changed = new String(wrapped, StandardCharsets.UTF_8)
                .replaceFirst("\"value\":\"..", "\"value\":\"AA")
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> key.unwrap(changed, CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("the parameter is incorrect (status 400)");
        assertThat(scopes).containsOnly("https://vault.azure.net/.default");
    }

    @Test
    void asksNobodyElseToUnwrap() throws IOException {
        KeyService key = key(uri("pgark"));
        for (String kid : new String[] {
            "https://evil.example.com/keys/pgark/aaaa1111",
            "https://" + service.authority() + "/keys/other/aaaa1111",
            "https://" + service.authority() + "/keys/pgark/../other"
        }) {
            byte[] wrapped = ("{\"kid\":\"" + kid + "\",\"value\":\"AAAA\"}").getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "key \"" + kid + "\" is no version of \"https://" + service.authority() + "/keys/pgark\"");
        }
    }

    @Test
    void asksAgainWhenTheServiceStumbles() throws IOException {
        service.stumble(2);
        assertThat(key(uri("pgark")).wrap(SECRET, CONTEXT)).isNotEmpty();
    }

    @Test
    void saysWhatTheServiceRefuses() {
        assertThatThrownBy(() -> key(uri("other")).wrap(SECRET, CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("A key with (name/id) other was not found in this key vault. (status 404)");
        assertThatThrownBy(() -> key(uri("pgark"), "stolen").wrap(SECRET, CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("AKV10000: Request is missing a Bearer or PoP token. (status 401)");
    }

    @Test
    void tokensAreForTheVaultsOwnCloud() throws IOException {
        assertThatThrownBy(() -> key("azure-kms://nowhere.vault.usgovcloudapi.net/keys/pgark")
                        .wrap(SECRET, CONTEXT))
                .isInstanceOf(IOException.class);
        assertThat(scopes).containsOnly("https://vault.usgovcloudapi.net/.default");
    }

    @Test
    void refusesWhatNamesNoKey() {
        for (String uri : new String[] {
            "azure-kms://acme.vault.azure.net/secrets/pgark", "azure-kms://acme/keys/pgark", "azure-kms://"
        }) {
            assertThatThrownBy(() -> KeyServices.open(uri, new StoreSettings(Map.of())))
                    .isInstanceOf(IOException.class)
                    .hasMessage("invalid key \"" + uri
                            + "\", must be like \"azure-kms://acme.vault.azure.net/keys/pgark\"");
        }
    }
}
