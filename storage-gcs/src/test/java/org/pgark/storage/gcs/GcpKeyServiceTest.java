package org.pgark.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.KeyService;
import org.pgark.storage.KeyServices;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.GcsServer;

/** Keys of Google Cloud KMS, over the wire to a service of this process, with the token of a service account. */
class GcpKeyServiceTest {
    private static final String RING = "projects/acme/locations/europe-west3/keyRings/backup/cryptoKeys/";
    private static final byte[] SECRET = "a secret of 32 bytes in plaintext".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> CONTEXT = Map.of("pgark-repository", "1", "pgark-recipient", "operator");

    @TempDir
    private static Path folder;

    private static GcsServer tokens;
    private static StoreSettings settings;
    private GcpKmsStandIn service;

    @BeforeAll
    static void makeAnAccount() throws IOException {
        tokens = GcsServer.start();
        tokens.writeCredentials(folder.resolve("credentials.json"));
        settings = new StoreSettings(Map.of(
                StoreOption.CREDENTIALS_FILE, folder.resolve("credentials.json").toString()));
    }

    @AfterAll
    static void endTheAccount() {
        tokens.close();
    }

    @BeforeEach
    void start() throws IOException {
        service = GcpKmsStandIn.start(RING + "pgark");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private KeyService key(String name) {
        return GcpKeyServiceProvider.open("gcp-kms://" + RING + name, settings, service.endpoint() + "/");
    }

    @Test
    void unwrapsWhatItWrappedInTheSameContextOnly() throws IOException {
        KeyService key = key("pgark");
        byte[] wrapped = key.wrap(SECRET, CONTEXT);
        assertThat(new String(wrapped, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(SECRET, StandardCharsets.ISO_8859_1));
        assertThat(key("pgark").unwrap(wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThatThrownBy(() -> key.unwrap(wrapped, Map.of("pgark-repository", "2", "pgark-recipient", "operator")))
                .isInstanceOf(IOException.class)
                .hasMessage("Decryption failed: the ciphertext is invalid. (status 400)");
        wrapped[wrapped.length - 1] ^= 1;
        assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT)).hasMessageContaining("status 400");
        assertThat(service.tokens()).containsOnly("Bearer token-of-pgark@p.iam.gserviceaccount.com");
    }

    @Test
    void asksAgainWhenTheServiceStumbles() throws IOException {
        service.stumble(2);
        assertThat(key("pgark").wrap(SECRET, CONTEXT)).isNotEmpty();
    }

    @Test
    void takesNothingThatWasChangedOnItsWay() throws IOException {
        byte[] wrapped = key("pgark").wrap(SECRET, CONTEXT);
        service.garble();
        assertThatThrownBy(() -> key("pgark").wrap(SECRET, CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("the service's answer was changed on its way");
        assertThatThrownBy(() -> key("pgark").unwrap(wrapped, CONTEXT))
                .hasMessage("the service's answer was changed on its way");
    }

    @Test
    void saysWhatTheServiceRefuses() {
        assertThatThrownBy(() -> key("other").wrap(SECRET, CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no such key (status 404)");
    }

    @Test
    void refusesWhatNamesNoKey() {
        for (String uri : new String[] {
            "gcp-kms://pgark", "gcp-kms://" + RING, "gcp-kms://" + RING + "pgark/cryptoKeyVersions/1", "gcp-kms://"
        }) {
            assertThatThrownBy(() -> KeyServices.open(uri, settings))
                    .isInstanceOf(IOException.class)
                    .hasMessage("invalid key \"" + uri
                            + "\", must be like"
                            + " \"gcp-kms://projects/acme/locations/europe-west3/keyRings/backup/cryptoKeys/pgark\"");
        }
    }
}
