package org.pgark.repository.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pgark.storage.BulkTls;
import org.pgark.storage.CorrettoProvider;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** Here, where the native algorithms are on the class path. */
class BulkTlsTest {
    private final Optional<Provider> fast = CorrettoProvider.load();

    @AfterEach
    void remove() {
        fast.ifPresent(provider -> Security.removeProvider(provider.getName()));
    }

    private static StoreSettings at(String endpoint) {
        return new StoreSettings(Map.of(StoreOption.ENDPOINT, endpoint));
    }

    private static Provider first() {
        return Security.getProviders()[0];
    }

    @Test
    void nativeAlgorithmsComeFirstWhereMuchPassesThroughTls() {
        BulkTls.prepare(StoreSettings.NONE);
        assertThat(first().getName()).isEqualTo("SUN");

        BulkTls.expect();
        BulkTls.prepare(at("http://localhost:9000"));
        assertThat(first().getName()).isEqualTo("SUN");

        BulkTls.prepare(at("https://localhost:9000"));
        BulkTls.prepare(StoreSettings.NONE);
        fast.ifPresent(provider -> assertThat(first()).isSameAs(provider));
    }
}
